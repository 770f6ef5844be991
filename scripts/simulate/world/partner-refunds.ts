import type { InboundAnswer } from '../../../src/inbound/inbound.service.js';
import type { Scheduler } from '../engine/scheduler.js';
import { Violation } from '../engine/violation.js';
import type { PartnerOrder } from './alipay-plus-books.js';
import type { ServiceParts } from './composition.js';
import { Origin } from '../../../src/platform/tracing/origin.js';

/** A refund of Alipay+, and its answers. */
export interface PartnerRefund {
  readonly refundRequestId: string;
  readonly order: PartnerOrder;
  readonly atMs: number;
  /** Of the order's amount, in thousandths; some exceed the whole. */
  readonly thousandths: bigint;
  /** Repeated afterwards unchanged, or with one unit more. */
  readonly again: 'same' | 'changed' | 'never';
  told?: 'S' | 'F';
  refundId?: string;
}

/** Calls one of the doors; undefined when no answer came. */
export type Ask = (
  what: string,
  request: (parts: ServiceParts) => Promise<InboundAnswer>,
) => Promise<InboundAnswer | undefined>;

const ORIGIN = new Origin('simulated');
/** More than all trouble lasts: an order that was lost and that nobody scans again is in doubt for ever. */
const TRIES = 100;

/** Alipay+ as the caller of refunds: it repeats until it gets a final answer, and then sometimes contradicts itself. */
export class PartnerRefunds {
  readonly all: PartnerRefund[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** Several for many orders, about the time of their payment or at any time. */
  draw(order: PartnerOrder, paidAboutMs: number): readonly PartnerRefund[] {
    const { random } = this.scheduler;
    if (!random.chance(0.5)) return [];
    const refunds = Array.from({ length: random.between(1, 4) }, (_, at): PartnerRefund => {
      const atMs = random.chance(0.8) ? paidAboutMs + random.between(0, 6_000) : random.between(0, 85_000);
      const thousandths = BigInt(random.pick([1_000, 1_001, 500, random.between(1, 999)]));
      const again = random.pick(['same', 'changed', 'never'] as const);
      return {
        refundRequestId: `${order.paymentRequestId}-refund-${at + 1}`,
        order,
        atMs,
        thousandths,
        again,
      };
    });
    this.all.push(...refunds);
    return refunds;
  }

  async refund(ask: Ask, refund: PartnerRefund): Promise<void> {
    const { scheduler } = this;
    await scheduler.delay(refund.atMs - scheduler.nowMs);
    await this.untilTold(ask, refund);
    if (refund.again === 'same') await this.askOnce(ask, refund);
    // After a loss the ledger can only say that an old key has other content: a person decides.
    if (refund.order.areCommitsLost) return;
    if (refund.again === 'changed') await this.contradict(ask, refund);
  }

  async refundAgain(ask: Ask, refund: PartnerRefund, atMs: number): Promise<void> {
    const { scheduler } = this;
    await scheduler.delay(Math.max(atMs, refund.atMs) - scheduler.nowMs);
    await this.untilTold(ask, refund);
  }

  private async untilTold(ask: Ask, refund: PartnerRefund): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      if ((await this.askOnce(ask, refund)) !== undefined) return;
      await this.scheduler.delay(2_000);
    }
  }

  /** The final answer, if there is one; another end than before breaks guarantee 11. */
  private async askOnce(ask: Ask, refund: PartnerRefund): Promise<'S' | 'F' | undefined> {
    const { refundRequestId, told } = refund;
    const body = bodyOf(refund, 0n);
    const answer = await ask(`refunds ${refundRequestId}`, ({ refunds }) => refunds.refund(body, ORIGIN));
    const status = answer?.result.resultStatus;
    if (!answer || (status !== 'S' && status !== 'F')) return undefined;
    this.scheduler.tell('alipay+', `is told ${status} ${answer.result.resultCode} about ${refundRequestId}`);
    const refundId = idIn(answer.body);
    const isOther = told !== undefined && told !== status && !mayTellOtherwise(refund);
    const isOtherId = told === 'S' && status === 'S' && refund.refundId !== refundId;
    if (isOther || isOtherId)
      throw new Violation(11, `${refundRequestId} was told ${told}, then ${status}`, [refundRequestId]);
    refund.told = status;
    if (refundId !== undefined) refund.refundId = refundId;
    return status;
  }

  /** One unit more under the same id: whatever the outcome of the first, this one gives nothing back. */
  private async contradict(ask: Ask, refund: PartnerRefund): Promise<void> {
    if (refund.told === undefined) return;
    const { refundRequestId } = refund;
    const body = bodyOf(refund, 1n);
    const answer = await ask(`contradicts ${refundRequestId}`, ({ refunds }) => refunds.refund(body, ORIGIN));
    if (answer?.result.resultStatus === 'S')
      throw new Violation(11, `${refundRequestId} was contradicted, and told S`, [refundRequestId]);
  }
}

/**
 * A refund refused in lost records may be granted afterwards, by what is left then. A granted one is found again at the
 * ledger, unless its order has been cancelled since: then nothing more can be given back for it.
 */
export function mayTellOtherwise({ told, order }: PartnerRefund): boolean {
  return order.areCommitsLost && (told === 'F' || isLostWithItsCancel(order));
}

export function isLostWithItsCancel({ areCommitsLost, cancelAskedMs }: PartnerOrder): boolean {
  return areCommitsLost && cancelAskedMs !== undefined;
}

function bodyOf({ refundRequestId, order, thousandths }: PartnerRefund, more: bigint): Buffer {
  const { paymentRequestId, paymentAmount, payToAmount, payAmount, isSurcharged } = order;
  const of = ({ currency, value }: { readonly currency: string; readonly value: string }) => {
    const part = (BigInt(value) * thousandths) / 1_000n + more;
    return { currency, value: String(part > 0n ? part : 1n) };
  };
  return Buffer.from(
    JSON.stringify({
      acquirerId: '1020',
      pspId: '1022',
      paymentRequestId,
      refundRequestId,
      refundAmount: of(paymentAmount),
      refundFromAmount: of(payToAmount),
      ...(isSurcharged ? { surchargeInfo: { surchargeAmount: of(payAmount) } } : {}),
    }),
  );
}

function idIn(body: Buffer): string | undefined {
  const { refundId } = JSON.parse(body.toString()) as { readonly refundId?: string }; // our own writer writes an object
  return refundId;
}

import { Injectable } from '@nestjs/common';
import { isoWithOffset } from '../payment-order/order/database-clock.js';
import { WORK } from '../payment-order/order/work.js';
import type { ClaimedRefund, Refund, RefundRefusal, RefundRequest } from '../payment-order/refund/refund.js';
import { RefundStore, type RefundIntent } from '../payment-order/refund/refund.store.js';
import { within } from '../platform/clock/within.js';
import { EventLog } from '../platform/logging/event-log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { WalletLedger } from '../wallet-ledger/wallet-ledger.js';
import { DEBIT_LEASE_MS, DebitService } from './debit.service.js';
import { askAgainMs } from './doubt-delay.js';
import { LostOrderService } from './lost-order.service.js';
import type { RefundKey } from '../payment-order/order/ids.js';
import type { Origin } from '../platform/tracing/origin.js';

/** However often Alipay+ repeats itself, the ledger is asked about one refund no more often than this. */
const QUIET_MS = 1_000;
/**
 * Alipay+ waits 8 s for an answer to refund; a ledger that is slower goes on without it, and the answer is U. An order that
 * may have been lost was asked for before, for up to 2.5 s.
 */
const PATIENCE_MS = 4_500;

/** The ledger will not give the money back under this key, ever: Alipay+ has to know that it did not. */
const LEDGER_REFUSED: RefundRefusal = {
  resultCode: 'PROCESS_FAIL',
  resultMessage: 'the refund could not be made',
};

export type RefundEnd = Exclude<RefundIntent, { outcome: 'only ledger knows' }>;

/**
 * Gives money back because Alipay+ asks for it, or finds out. The refund was decided and committed before the ledger is
 * asked, and its id is the key the ledger knows it by: repeating the call can never give money back twice.
 */
@Injectable()
export class RefundService {
  private readonly outcomes;

  constructor(
    private readonly ledger: WalletLedger,
    private readonly refunds: RefundStore,
    private readonly debits: DebitService,
    private readonly lost: LostOrderService,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter({
      name: 'refund_outcomes_total',
      help: 'What became of refunds that Alipay+ asked for: refunded, refused (more than was paid, or too late), refused_by_ledger, and in_doubt for each time the ledger did not say.',
      labels: ['outcome'],
    });
  }

  /** Decides a refund and tries to make it while Alipay+ waits; what is returned is committed. */
  async refund(request: RefundRequest, origin: Origin): Promise<RefundEnd> {
    const intent = await this.decided(request, origin);
    if (intent.outcome === 'only ledger knows') return { outcome: 'undecided' };
    if (intent.outcome === 'undecided') return intent;
    const { refund } = intent;
    const { refundId, paymentId, status } = refund;
    if (intent.outcome === 'kept') {
      this.log.event('refund.requested', { origin, refundId, paymentId, status, ...flagOf(refund) });
      if (status === 'REFUSED') this.outcomes.inc({ outcome: 'refused' });
    }
    // Other content under the same id is refused at once: the ledger is not asked.
    if (!this.isRepetition(refund, request)) return intent;
    return {
      ...intent,
      refund: await this.settledSoon(refund, origin, intent.outcome === 'kept' ? 0 : QUIET_MS),
    };
  }

  /** Whether a request repeats an earlier one of its id. */
  isRepetition(refund: Refund, request: RefundRequest): boolean {
    return this.refunds.isRepetition(refund, request);
  }

  /** The state of a refund, after asking the ledger if it is unknown; undefined for an id we never saw. */
  async standing(refundRequestId: string, origin: Origin): Promise<Refund | undefined> {
    const refund = await this.refunds.find(refundRequestId);
    return refund && this.settledSoon(refund, origin, QUIET_MS);
  }

  /** An order that may have been paid in records that are lost: the ledger is asked, and then it is decided. */
  private async decided(request: RefundRequest, origin: Origin): Promise<RefundIntent> {
    const intent = await this.refunds.request(request);
    if (intent.outcome !== 'only ledger knows') return intent;
    const { paymentRequestId } = request;
    if (intent.paymentId !== undefined) await this.debits.findOut(intent.paymentId, origin);
    else if (await this.lost.mayBePaid(paymentRequestId, origin)) {
      // Nothing can be given back without the order, and Alipay+ goes on asking: a person has to check.
      this.log.error('refund.order_lost', { origin, paymentRequestId, alarm: true });
      return intent;
    }
    return this.refunds.request(request, true);
  }

  /** One attempt in the background. False when no refund of this id is due and free. */
  async resolve(refundId: RefundKey, origin?: Origin): Promise<boolean> {
    const claimed = await this.refunds.claim(refundId, DEBIT_LEASE_MS, 250);
    if (!claimed) return false;
    await this.ask(claimed, origin);
    return true;
  }

  private async settledSoon(refund: Refund, origin: Origin, quietMs: number): Promise<Refund> {
    const { refundId } = refund;
    if (refund.status === 'REFUNDED' || refund.status === 'REFUSED') return refund;
    const claimed = await this.refunds.claimDoubt(refundId, DEBIT_LEASE_MS, quietMs);
    // What cannot be written stays due; the caller still gets an answer.
    const asked =
      claimed &&
      this.ask(claimed, origin).catch((error: unknown) =>
        this.log.error('refund.look_failed', { origin, refundId }, error),
      );
    if (asked) await within(PATIENCE_MS, asked, () => undefined);
    return (await this.refunds.find(refund.refundRequestId)) ?? refund;
  }

  private async ask(claimed: ClaimedRefund, origin?: Origin): Promise<void> {
    const { refundId, paymentId, debitKey, backAmount: amount } = claimed;
    const ids = { origin, paymentId, refundId };
    const asked = { key: refundId, debitKey, amount, reason: 'refunded by Alipay+' };
    const answer = await this.ledger.refund(asked, origin);
    if (answer.outcome === 'done') {
      const refundTime = isoWithOffset(claimed.clock.now());
      if (await this.refunds.refunded(refundId, answer.ledgerReference, refundTime))
        this.outcomes.inc({ outcome: 'refunded' });
      this.log.event('refund.done', ids);
    } else if (answer.outcome === 'refused') {
      if (await this.refunds.refused(refundId, answer.code, LEDGER_REFUSED))
        this.outcomes.inc({ outcome: 'refused_by_ledger' });
      // The network may refund for a year; a ledger that refuses needs a person.
      this.log.error('refund.refused_by_ledger', { ...ids, code: answer.code, alarm: true });
    } else await this.doubt(claimed, answer.reason, origin);
  }

  private async doubt(
    { refundId, paymentId, tries }: ClaimedRefund,
    reason: string,
    origin?: Origin,
  ): Promise<void> {
    this.outcomes.inc({ outcome: 'in_doubt' });
    const delayMs = askAgainMs(tries, Math.random());
    const due = await this.refunds.inDoubt(refundId, reason, delayMs);
    const fields = { origin, paymentId, refundId, reason };
    // Under this id the ledger was asked for something else, in records that are lost: it will not say more.
    if (reason === 'key_content_mismatch' || reason === 'http_status_409')
      this.log.error('refund.contradicts_ledger', { ...fields, alarm: tries === 0 });
    else this.log.warn('refund.in_doubt', fields);
    if (due)
      await this.queues.wake(WORK.debit, { id: refundId, turn: `refund-${due.turn}`, delayMs, origin });
  }
}

function flagOf({ amountFlag }: Refund): { readonly amountFlag?: string } {
  return amountFlag === undefined ? {} : { amountFlag };
}

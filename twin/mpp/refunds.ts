import { createHash } from 'node:crypto';
import type { Books } from '../books/books.js';
import type { OrderRecord } from '../books/order.js';
import type { DefectKind, MppExchange, RefundFields } from '../books/twin-event.js';
import { refundTermsOf } from '../script/refund-figures.js';
import type { Script } from '../script/script.js';
import type { Timers } from '../timers.js';
import { textAt, type JsonObject } from '../wire/json.js';
import type { MppClient } from './mpp-client.js';

const MAX_TRIES = 60;
/** How soon a refund is repeated, or contradicted, after its end. */
const AGAIN_MS = 50;

/** Requests refunds, again and again, until the MPP answers S or F, and compares its answers with each other. */
export class Refunds {
  readonly #client: MppClient;
  readonly #books: Books;
  readonly #timers: Timers;
  readonly #gapMs: number;

  constructor(client: MppClient, books: Books, timers: Timers, gapMs: number) {
    this.#client = client;
    this.#books = books;
    this.#timers = timers;
    this.#gapMs = gapMs;
  }

  /** Plans the refunds in the script of a paid order. */
  plan(order: OrderRecord, script: Script): void {
    if (order.hasPlannedRefunds) return;
    order.hasPlannedRefunds = true;
    const terms = refundTermsOf(
      script,
      script.refunds.map(({ amount }) => amount),
    );
    for (const [at, { delayMs }] of script.refunds.entries()) {
      const refund = { ...terms[at], refundRequestId: refundRequestIdOf(order.paymentRequestId, at + 1) };
      this.#timers.after(delayMs, () => void this.#untilSettled(order, refund, script));
    }
  }

  /** Continues the refunds that a stopped twin had requested. */
  resume(order: OrderRecord): void {
    const script = this.#books.scriptOf(order);
    for (const { fields, result } of order.refundBook.values()) {
      if (result === null) this.#timers.after(0, () => void this.#untilSettled(order, fields, script));
    }
  }

  /** One refund, now: the fields are sent unchanged. Null when the address of the MPP is unknown. */
  async send(paymentRequestId: string, refund: RefundFields): Promise<MppExchange | null> {
    if (this.#client.baseUrl === null) return null;
    const known = this.#books.order(paymentRequestId)?.refundBook.get(refund.refundRequestId);
    if (!known) await this.#books.record({ kind: 'refunding', paymentRequestId, refund });
    const exchange = await this.#client.call('refund', paymentRequestId, refund);
    await this.#judge(paymentRequestId, refund, exchange);
    await this.#books.record({ kind: 'exchange', paymentRequestId, exchange });
    return exchange;
  }

  /** Asks for the state of a refund. Null when the address of the MPP is unknown. */
  async inquire(paymentRequestId: string, refundRequestId: string): Promise<MppExchange | null> {
    if (this.#client.baseUrl === null) return null;
    const exchange = await this.#client.call('inquiryRefund', paymentRequestId, { refundRequestId });
    await this.#books.record({ kind: 'exchange', paymentRequestId, exchange });
    return exchange;
  }

  async #untilSettled(
    order: OrderRecord,
    refund: RefundFields,
    script: Script,
    tryNumber = 1,
  ): Promise<void> {
    const { paymentRequestId, firstAccepted } = order;
    const paymentId = textAt(firstAccepted, 'paymentId');
    const fields = paymentId === null ? refund : { ...refund, paymentId };
    const exchange = await this.send(paymentRequestId, fields);
    const isSettled = exchange?.resultStatus === 'S' || exchange?.resultStatus === 'F';
    if (isSettled) return this.#again(paymentRequestId, fields, script);
    if (exchange === null || tryNumber >= MAX_TRIES) return;
    this.#timers.after(this.#gapMs, () => void this.#untilSettled(order, refund, script, tryNumber + 1));
  }

  #again(paymentRequestId: string, fields: RefundFields, { refundTwice }: Script): void {
    if (refundTwice === undefined) return;
    const again = refundTwice === 'same' ? fields : changed(fields);
    this.#timers.after(AGAIN_MS, () => void this.send(paymentRequestId, again));
  }

  /** Before the exchange counts, so that it is compared with the answers until now. */
  async #judge(paymentRequestId: string, refund: RefundFields, exchange: MppExchange): Promise<void> {
    const order = this.#books.order(paymentRequestId);
    const known = order?.refundBook.get(refund.refundRequestId);
    if (!order || !known) return;
    const { resultStatus, answer } = exchange;
    const note = (kind: DefectKind, detail: string): Promise<void> =>
      this.#books.record({ kind: 'defect', defect: { at: exchange.at, kind, paymentRequestId, detail } });
    if (isChanged(known.fields, refund)) {
      if (resultStatus === 'S') await note('REFUND_CONTRADICTION_TAKEN', refund.refundRequestId);
      return;
    }
    const told = `${resultStatus ?? ''} ${textAt(answer, 'refundId') ?? ''} ${textAt(answer, 'refundTime') ?? ''}`;
    const isFinal = resultStatus === 'S' || resultStatus === 'F';
    if (known.result !== null && isFinal && known.result !== told)
      await note('REFUND_DISAGREES', `${refund.refundRequestId} was ${known.result} and is ${told}`);
    if (known.result === null && resultStatus === 'S' && exceeds(order, refund))
      await note('REFUNDS_EXCEED_PAYMENT', refund.refundRequestId);
  }
}

/** The same order gives the same ids after a restart; ids of the network have 64 characters at most. */
function refundRequestIdOf(paymentRequestId: string, number: number): string {
  return `refund-${createHash('sha256').update(paymentRequestId).digest('hex').slice(0, 32)}-${number}`;
}

function changed(fields: RefundFields): RefundFields {
  const { value, currency } = amountOf(fields);
  return { ...fields, refundAmount: { value: (value + 1n).toString(), currency } };
}

function isChanged(first: RefundFields, now: RefundFields): boolean {
  const text = ({ refundAmount, refundFromAmount, surchargeInfo }: RefundFields): string =>
    JSON.stringify([refundAmount ?? null, refundFromAmount ?? null, surchargeInfo ?? null]);
  return text(first) !== text(now);
}

function exceeds(order: OrderRecord, refund: RefundFields): boolean {
  const paid = order.terms === null ? 0n : amountOf({ refundAmount: order.terms.paymentAmount }).value;
  const done = [...order.refundBook.values()].filter(({ result }) => result?.startsWith('S') === true);
  return done.reduce((sum, { fields }) => sum + amountOf(fields).value, amountOf(refund).value) > paid;
}

function amountOf({ refundAmount }: JsonObject): { readonly value: bigint; readonly currency: string } {
  const amount = { amount: refundAmount };
  const value = textAt(amount, 'amount', 'value') ?? '';
  return {
    value: /^\d+$/.test(value) ? BigInt(value) : 0n,
    currency: textAt(amount, 'amount', 'currency') ?? '',
  };
}

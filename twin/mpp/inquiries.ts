import type { Books } from '../books/books.js';
import type { OrderRecord } from '../books/order.js';
import type { MppExchange } from '../books/twin-event.js';
import type { Timers } from '../timers.js';
import { textAt } from '../wire/json.js';
import { disagreement } from './inquiry-agreement.js';
import type { MppClient } from './mpp-client.js';

/** Asks the MPP for results it did not notify. */
export class Inquiries {
  readonly #client: MppClient;
  readonly #books: Books;
  readonly #timers: Timers;
  readonly #gapsMs: readonly number[];

  constructor(client: MppClient, books: Books, timers: Timers, gapsMs: readonly number[]) {
    this.#client = client;
    this.#books = books;
    this.#timers = timers;
    this.#gapsMs = gapsMs;
  }

  /** Asks after each gap in turn, the last gap repeating, until there is a result or the order has expired. */
  plan(order: OrderRecord): void {
    if (order.hasPlannedInquiries || this.#gapsMs.length === 0) return;
    order.hasPlannedInquiries = true;
    this.#askAfterGap(order, 0);
  }

  /** One inquiry, now. Null when the address of the MPP is unknown. */
  async send(paymentRequestId: string): Promise<MppExchange | null> {
    if (this.#client.baseUrl === null) return null;
    const wasAcknowledged = this.#books.order(paymentRequestId)?.acknowledgedResult ?? null;
    const exchange = await this.#client.call('inquiryPayment', paymentRequestId);
    await this.#books.record({ kind: 'exchange', paymentRequestId, exchange });
    // An answer may have been written before a notification overtook it; only a later answer may be compared with it.
    if (exchange.resultStatus === 'S' && wasAcknowledged !== null)
      await this.#compare(paymentRequestId, exchange);
    return exchange;
  }

  #askAfterGap(order: OrderRecord, asked: number): void {
    const gapMs = this.#gapsMs[Math.min(asked, this.#gapsMs.length - 1)] ?? 0;
    this.#timers.after(gapMs, () => void this.#ask(order, asked));
  }

  async #ask(order: OrderRecord, asked: number): Promise<void> {
    if (order.acknowledgedResult !== null || order.isCancelAnswered) return;
    const expiresAtMs = order.terms?.expiresAtMs ?? Infinity;
    const isLast = Date.now() > expiresAtMs;
    const exchange = await this.send(order.paymentRequestId);
    const paymentStatus = textAt(exchange?.answer, 'paymentResult', 'resultStatus');
    if (isLast || paymentStatus === 'S' || paymentStatus === 'F') return;
    this.#askAfterGap(order, asked + 1);
  }

  async #compare(paymentRequestId: string, exchange: MppExchange): Promise<void> {
    const order = this.#books.order(paymentRequestId);
    const detail = order && exchange.answer && disagreement(order, exchange.answer);
    if (!detail) return;
    const defect = { at: exchange.at, kind: 'INQUIRY_DISAGREES', paymentRequestId, detail } as const;
    await this.#books.record({ kind: 'defect', defect });
  }
}

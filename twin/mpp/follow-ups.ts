import type { Books } from '../books/books.js';
import type { OrderRecord, OrderTerms } from '../books/order.js';
import type { Script } from '../script/script.js';
import type { Cancels } from './cancels.js';
import type { Inquiries } from './inquiries.js';
import type { Refunds } from './refunds.js';

const SHORTLY_MS = 50;

export interface Callers {
  readonly cancels: Cancels;
  readonly inquiries: Inquiries;
  readonly refunds: Refunds;
}

/** Decides which calls of its own the twin makes after an event of an order. */
export class FollowUps {
  readonly #books: Books;
  readonly #cancels: Cancels;
  readonly #inquiries: Inquiries;
  readonly #refunds: Refunds;

  constructor(books: Books, { cancels, inquiries, refunds }: Callers) {
    this.#books = books;
    this.#cancels = cancels;
    this.#inquiries = inquiries;
    this.#refunds = refunds;
  }

  /** The MPP has got the order. */
  afterSuccess(order: OrderRecord, script: Script): void {
    this.#inquiries.plan(order);
    const { cancel, cancelAfterMs } = script;
    if (cancel === 'beforeConfirm') this.#planCancel(order, cancelAfterMs ?? SHORTLY_MS);
    else if (cancel !== 'afterPaid' && cancelAfterMs !== undefined) this.#planCancel(order, cancelAfterMs);
  }

  /**
   * A paid notification was acknowledged. One that comes after the order's end is a late success: the money must go
   * back.
   */
  afterPaid(order: OrderRecord, script: Script): void {
    const isLate = (order.acknowledgedAtMs ?? 0) > (order.terms?.expiresAtMs ?? Infinity);
    if (script.cancel === 'afterPaid') this.#planCancel(order, script.cancelAfterMs ?? 0);
    else if (isLate) this.#planCancel(order, 0);
    this.#refunds.plan(order, script);
  }

  /** Continues what a stopped twin left open. */
  resume(): void {
    for (const order of this.#books.orders) {
      if (order.isCancelWanted) this.#resumeCancel(order);
      // Before more are planned: the existing ones are repeated under their ids.
      if (order.refundBook.size > 0) order.hasPlannedRefunds = true;
      this.#refunds.resume(order);
      if (order.terms !== null) this.#resumeOrder(order, order.terms);
    }
  }

  #resumeCancel(order: OrderRecord): void {
    const lastStatus = order.cancels.last?.resultStatus;
    order.hasPlannedCancel = true;
    if (!order.isCancelAnswered && lastStatus !== 'F') this.#cancels.start(order.paymentRequestId, 0);
  }

  #resumeOrder(order: OrderRecord, terms: OrderTerms): void {
    const script = this.#books.scriptOf(order);
    const isOver = Date.now() > (terms.expiresAtMs ?? Infinity);
    if (order.acknowledgedResult === 'S') this.afterPaid(order, script);
    else if (order.acknowledgedResult === null && !isOver) this.afterSuccess(order, script);
  }

  #planCancel(order: OrderRecord, delayMs: number): void {
    if (order.hasPlannedCancel) return;
    order.hasPlannedCancel = true;
    this.#cancels.start(order.paymentRequestId, delayMs);
  }
}

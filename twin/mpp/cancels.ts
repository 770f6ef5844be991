import type { Books } from '../books/books.js';
import type { MppExchange } from '../books/twin-event.js';
import type { Timers } from '../timers.js';
import type { MppClient } from './mpp-client.js';

const MAX_TRIES = 20;

/** Sends cancelPayment again and again, until the MPP answers S. */
export class Cancels {
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

  start(paymentRequestId: string, delayMs: number): void {
    this.#timers.after(delayMs, () => void this.send(paymentRequestId));
  }

  /** Sends one now, and repeats it later by itself if needed. Null when the address of the MPP is unknown. */
  async send(paymentRequestId: string, tryNumber = 1): Promise<MppExchange | null> {
    if (this.#client.baseUrl === null) return null;
    if (this.#books.order(paymentRequestId)?.isCancelWanted !== true) {
      await this.#books.record({ kind: 'cancelling', paymentRequestId });
    }
    const exchange = await this.#client.call('cancelPayment', paymentRequestId);
    await this.#books.record({ kind: 'exchange', paymentRequestId, exchange });
    if (exchange.resultStatus === 'F') await this.#noteRefusal(paymentRequestId, exchange);
    const isSettled = exchange.resultStatus === 'S' || exchange.resultStatus === 'F';
    if (!isSettled && tryNumber < MAX_TRIES) {
      this.#timers.after(this.#gapMs, () => void this.send(paymentRequestId, tryNumber + 1));
    }
    return exchange;
  }

  /** A cancel must succeed whatever the state of the payment, so a plain F is a defect of the MPP. */
  async #noteRefusal(paymentRequestId: string, exchange: MppExchange): Promise<void> {
    await this.#books.record({
      kind: 'defect',
      defect: {
        at: exchange.at,
        kind: 'CANCEL_REFUSED',
        paymentRequestId,
        detail: `answered F ${exchange.resultCode ?? 'without a code'}`,
      },
    });
  }
}

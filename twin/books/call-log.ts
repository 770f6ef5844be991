import { Ring } from './ring.js';
import type { SignatureVerdict } from '../wire/message-verifier.js';

/** One inbound call, filled in as it goes through. */
export interface CallRow {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  requestTime: string | null;
  signature: SignatureVerdict | null;
  bodySha256: string | null;
  codeValue: string | null;
  customerId: string | null;
  paymentRequestId: string | null;
  /** Calls for the same code that were unanswered when this one came, this one included. */
  inFlight: number;
  /** Null when the connection was closed without an answer. */
  httpStatus: number | null;
  resultStatus: string | null;
  resultCode: string | null;
}

const KEPT_CALLS = 20_000;

/** Every call under /aps, the latest of them one by one, all of them as counts. */
export class CallLog {
  readonly #rows = new Ring<CallRow>(KEPT_CALLS);
  readonly #counts = new Map<string, number>();

  open(method: string, path: string): CallRow {
    const row: CallRow = {
      at: new Date().toISOString(),
      method,
      path,
      requestTime: null,
      signature: null,
      bodySha256: null,
      codeValue: null,
      customerId: null,
      paymentRequestId: null,
      inFlight: 0,
      httpStatus: null,
      resultStatus: null,
      resultCode: null,
    };
    this.#rows.add(row);
    return row;
  }

  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  clear(): void {
    this.#rows.clear();
    this.#counts.clear();
  }

  get rows(): Iterable<CallRow> {
    return this.#rows;
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

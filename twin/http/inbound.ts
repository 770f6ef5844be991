import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallRow } from '../books/call-log.js';

/** One call of the MPP while the twin handles it. */
export class Inbound {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly row: CallRow;
  #onSettled: (() => void) | null = null;

  constructor(request: IncomingMessage, response: ServerResponse, body: Buffer, row: CallRow) {
    this.request = request;
    this.response = response;
    this.body = body;
    this.row = row;
    response.once('close', () => this.settle());
  }

  get method(): string {
    return this.request.method ?? '';
  }

  /** Path and query exactly as sent; both signatures cover them. */
  get uri(): string {
    return this.request.url ?? '';
  }

  get isOpen(): boolean {
    return !this.response.closed && !this.request.socket.destroyed;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** Runs once, right before the answer is sent or when the caller hangs up. */
  onSettled(work: () => void): void {
    this.#onSettled = work;
  }

  settle(): void {
    const work = this.#onSettled;
    this.#onSettled = null;
    work?.();
  }

  drop(): void {
    this.settle();
    this.request.socket.destroy();
  }
}

/** One of the APIs of the twin. It answers each verified call, or drops it on purpose. */
export interface Api {
  answer(inbound: Inbound): Promise<void>;
}

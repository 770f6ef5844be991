import type { Dispatcher } from 'undici';

export interface CallEnd {
  readonly how: 'whole' | 'oversized' | 'timeout' | 'broken';
  /** Absent until the status line has come. */
  readonly httpStatus?: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What had come by then. */
  readonly body: Buffer;
  readonly error?: unknown;
}

export interface CallLimits {
  /** From looking up the host to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Takes the answer to one call as it comes, and gives the connection up when it takes too long or is too much. Made for
 * `dispatch`, the innermost call of undici: its `request` wraps the same in a stream and an abort signal, which costs as
 * much again as sending.
 */
export class PostedCall implements Dispatcher.DispatchHandler {
  readonly ended: Promise<CallEnd>;
  private settle: (end: CallEnd) => void = () => undefined;
  private isOver = false;
  private controller: Dispatcher.DispatchController | undefined;
  private httpStatus: number | undefined;
  private headers: CallEnd['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly limits: CallLimits) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    this.timer = setTimeout(() => this.end('timeout'), limits.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It waited for a connection until its time was over; its answer is no longer needed.
    if (this.isOver) controller.abort(new Error('the call is over'));
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // What comes before the answer itself, such as 103 Early Hints.
    if (statusCode < 200) return;
    this.httpStatus = statusCode;
    this.headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size > this.limits.maxBytes) this.end('oversized');
  }

  onResponseEnd(): void {
    this.end('whole');
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: unknown): void {
    this.end('broken', error);
  }

  private end(how: CallEnd['how'], error?: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    const { headers, httpStatus } = this;
    const body = Buffer.concat(this.chunks);
    this.settle({ how, headers, body, error, ...(httpStatus === undefined ? {} : { httpStatus }) });
    // Gives up the socket, which would go on sending.
    if (how === 'timeout' || how === 'oversized') this.controller?.abort(new Error('the call is over'));
  }
}

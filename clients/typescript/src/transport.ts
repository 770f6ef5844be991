import { backoffMs, notBeforeMs, pause, retryAfterMs } from './pause.js';
import { NoAnswer, PaymentsProblem, type ProblemBody } from './problem.js';

export interface PaymentsClientOptions {
  /** Where the service is, without `/v1`. */
  readonly baseUrl: string;
  /** A bearer token, or what gets one: called for every attempt, and once more when the service refuses the one before. */
  readonly token: string | (() => string | Promise<string>);
  /** How often a call is sent at most; 5 when left out. Every call is safe to repeat. */
  readonly attempts?: number;
  /** How long one attempt may take, besides a wait that was asked for; 10 seconds when left out. */
  readonly timeoutMs?: number;
  /** The longest first pause between two attempts; the next ones are up to twice as long each. 300 ms when left out. */
  readonly firstPauseMs?: number;
  /** The longest `Retry-After` that is waited for; 30 seconds when left out. Beyond it the problem is thrown. */
  readonly longestPauseMs?: number;
  /** Told before each pause, for a log. */
  readonly onRetry?: (retry: Retry) => void;
  /** Another `fetch`, such as one that goes through a proxy. */
  readonly fetch?: typeof fetch;
}

export interface Retry {
  readonly requestId: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly pauseMs: number;
  readonly cause: unknown;
}

export interface CallOptions {
  /** Ends the call. What became of a scan or a confirm that was under way is then unknown; repeat it or read it. */
  readonly signal?: AbortSignal;
  /** Goes through the logs of all systems; the same one for every attempt. A new one when left out. */
  readonly requestId?: string;
}

interface Call extends CallOptions {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** How long the service may hold the answer back. */
  readonly waitMs?: number;
}

/** An answer of the service that is no refusal. */
export interface Answer<Body> {
  readonly body: Body;
  readonly retryAfterMs: number | undefined;
}

/** Something answered that is not the service: a proxy, the page of a wireless network. */
class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';

  constructor(
    readonly status: number,
    readonly retryAfterMs: number | undefined,
    mediaType: string | null,
  ) {
    super(`status ${status} with ${mediaType ?? 'no body'} is no answer of the payment service`);
  }
}

const TOKEN = /^[\x21-\x7e]+$/;

/** One call over HTTP, repeated until it is answered: each with the same request id, none with more than it was given. */
export class Transport {
  readonly #base: string;
  readonly #options: PaymentsClientOptions;
  readonly #attempts: number;

  constructor(options: PaymentsClientOptions) {
    const base = new URL(options.baseUrl);
    if (!/^https?:$/.test(base.protocol)) throw new TypeError('baseUrl must begin with https:// or http://');
    this.#base = `${base.origin}${base.pathname.replace(/\/+$/, '')}`;
    this.#options = options;
    this.#attempts = options.attempts ?? 5;
  }

  async call<Body>(call: Call): Promise<Answer<Body>> {
    const requestId = call.requestId ?? newRequestId();
    let refusedToken: string | undefined;
    for (let attempt = 1; ; attempt += 1) {
      call.signal?.throwIfAborted();
      const token = await this.#token();
      try {
        return await this.#attempt<Body>(call, token, requestId);
      } catch (error) {
        call.signal?.throwIfAborted();
        if (
          isRefusedToken(error) &&
          typeof this.#options.token === 'function' &&
          refusedToken === undefined
        ) {
          refusedToken = token;
          if ((await this.#token()) !== token) continue;
        }
        const pauseMs = this.#pauseMs(error, attempt);
        if (pauseMs === undefined) throw lastOf(error, requestId, attempt);
        this.#options.onRetry?.({ requestId, attempt, pauseMs, cause: error });
        await pause(pauseMs, call.signal);
      }
    }
  }

  async #token(): Promise<string> {
    const { token } = this.#options;
    const value = typeof token === 'function' ? await token() : token;
    // The message of `fetch` would quote the token.
    if (!TOKEN.test(value)) throw new TypeError('the token must be of printable characters without blanks');
    return value;
  }

  async #attempt<Body>(call: Call, token: string, requestId: string): Promise<Answer<Body>> {
    const timeout = new AbortController();
    const abort = (): void => timeout.abort(call.signal?.reason);
    const limitMs = (this.#options.timeoutMs ?? 10_000) + (call.waitMs ?? 0);
    const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${limitMs} ms`)), limitMs);
    call.signal?.addEventListener('abort', abort, { once: true });
    const stopped = stop(timeout.signal);
    try {
      const send = this.#options.fetch ?? globalThis.fetch.bind(globalThis);
      const sent = send(`${this.#base}${call.path}`, {
        method: call.method,
        headers: {
          accept: 'application/json, application/problem+json',
          authorization: `Bearer ${token}`,
          'x-request-id': requestId,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        // The service never redirects; whoever does is not the service, and is told no token.
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        signal: timeout.signal,
      });
      return await read<Body>(await Promise.race([sent, stopped]), stopped);
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', abort);
    }
  }

  /** Undefined: the error is the end of it. */
  #pauseMs(error: unknown, attempt: number): number | undefined {
    if (attempt >= this.#attempts || !isWorthAnother(error)) return undefined;
    const ownMs = backoffMs(attempt, this.#options.firstPauseMs);
    const asked = retryAfterOf(error);
    if (asked === undefined) return ownMs;
    if (asked > (this.#options.longestPauseMs ?? 30_000)) return undefined;
    return Math.max(ownMs, notBeforeMs(asked));
  }
}

/**
 * Rejects once the signal is aborted. `fetch` of Node.js forgets its signal when what it answered with is collected as
 * garbage, and a body that stalls would then be waited for without a limit.
 */
function stop(signal: AbortSignal): Promise<never> {
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); // whatever the caller gave
  });
  // Nobody waits for it once there is an answer.
  stopped.catch(() => undefined);
  return stopped;
}

async function textOf({ body }: Response, stopped: Promise<never>): Promise<string> {
  if (!body) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), stopped]);
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    // Its connection serves nobody any more.
    reader.cancel().catch(() => undefined);
    throw error;
  }
}

async function read<Body>(response: Response, stopped: Promise<never>): Promise<Answer<Body>> {
  const mediaType = response.headers.get('content-type');
  const asked = retryAfterMs(response.headers.get('retry-after'));
  const body = parsed(await textOf(response, stopped));
  if (response.ok && mediaType?.startsWith('application/json') && body !== undefined) {
    return { body: body as Body, retryAfterMs: asked };
  }
  if (mediaType?.startsWith('application/problem+json') && isProblem(body)) {
    throw new PaymentsProblem(response.status, body, asked);
  }
  throw new ForeignAnswer(response.status, asked, mediaType);
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(body: object | undefined): body is ProblemBody {
  return body !== undefined && 'code' in body && typeof body.code === 'string';
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof PaymentsProblem && error.status === 401;
}

/** The service says itself what may be sent again. Whatever is no answer of the service may be as well. */
function isWorthAnother(error: unknown): boolean {
  return error instanceof PaymentsProblem ? error.action === 'RETRY' : true;
}

function retryAfterOf(error: unknown): number | undefined {
  return error instanceof PaymentsProblem || error instanceof ForeignAnswer ? error.retryAfterMs : undefined;
}

function lastOf(error: unknown, requestId: string, attempts: number): Error {
  if (error instanceof PaymentsProblem) return error;
  const status = error instanceof ForeignAnswer ? error.status : undefined;
  return new NoAnswer(requestId, attempts, status, { cause: error });
}

/** `randomUUID` is missing in a browser on a page without https. */
function newRequestId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

import {
  Agent as PlainAgent,
  request as requestPlain,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerTls } from '../../src/wallet-ledger/http/ledger-tls.js';
import { readBoundedBody } from '../../src/wallet-ledger/http/bounded-body.js';
import { transportFailure } from '../../src/platform/outbound/transport-failure.js';

/** Exactly the request on the wire; only `Host`, `Content-Length` and `Connection` are added. */
export interface WireRequest {
  readonly method: string;
  /** As on the request line. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly body: Buffer;
}

/** One request and its outcome. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly durationMs: number;
  /** The whole answer, or why there is none: `timeout`, `connection_refused`, `oversized`, … */
  readonly result: WireAnswer | string;
}

export const MAX_ANSWER_BYTES = 64 * 1024;

/** Sends requests byte for byte as they are given: the service's own adapter could not send a wrong one. */
export class WireLine {
  private readonly agent: PlainAgent | TlsAgent;

  constructor(
    private readonly origin: URL,
    private readonly timeoutMs: number,
    tls: LedgerTls = {},
  ) {
    const isTls = origin.protocol === 'https:';
    this.agent = isTls ? new TlsAgent({ ...tls, keepAlive: true }) : new PlainAgent({ keepAlive: true });
  }

  async exchange(request: WireRequest): Promise<Exchange> {
    const { method, path } = request;
    const began = performance.now();
    const result = await this.answerTo(request);
    return { method, path, durationMs: performance.now() - began, result };
  }

  /** Sends the first `bytes` of the body, waits, and hangs up without reading the answer. */
  async hangUp(request: WireRequest, bytes: number, afterMs: number): Promise<void> {
    const call = this.open(request, AbortSignal.timeout(this.timeoutMs));
    // We break the connection; that is the purpose of the call.
    const closed = new Promise<void>((resolve) => call.on('error', () => undefined).on('close', resolve));
    call.on('response', (response: IncomingMessage) => void response.on('error', () => undefined).resume());
    call.write(request.body.subarray(0, bytes), () => {
      void sleep(afterMs).then(() => call.destroy());
    });
    await closed;
  }

  close(): void {
    this.agent.destroy();
  }

  private async answerTo(request: WireRequest): Promise<WireAnswer | string> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const response = await this.responseTo(request, signal);
      const body = await readBoundedBody(response, MAX_ANSWER_BYTES);
      if (body === undefined) return 'oversized';
      const { statusCode: status = 0, headers } = response;
      const { 'content-type': contentType = '', 'content-encoding': contentEncoding = '' } = headers;
      return { status, contentType, contentEncoding, body };
    } catch (error) {
      return signal.aborted ? 'timeout' : transportFailure(error);
    }
  }

  /** The other side may close an idle connection just as we use it: that says nothing about the ledger. */
  private async responseTo(request: WireRequest, signal: AbortSignal): Promise<IncomingMessage> {
    for (;;) {
      const call = this.open(request, signal);
      try {
        const response = new Promise<IncomingMessage>((resolve, reject) => {
          call.on('response', resolve).on('error', reject);
        });
        call.end(request.body);
        return await response;
      } catch (error) {
        const isReset = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
        if (!isReset || !call.reusedSocket || signal.aborted) throw error;
      }
    }
  }

  private open({ method, path, headers, body }: WireRequest, signal: AbortSignal): ClientRequest {
    const { protocol, hostname, port } = this.origin;
    const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
    const request = protocol === 'https:' ? requestTls : requestPlain;
    const host = hostname.replace(/^\[|\]$/g, '');
    return request({
      host,
      ...(port !== '' && { port }),
      method,
      path,
      headers: { ...headers, ...length },
      agent: this.agent,
      signal,
    });
  }
}

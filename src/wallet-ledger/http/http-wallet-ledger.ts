import { Agent } from 'node:https';
import { addAbortSignal, type Readable } from 'node:stream';
import type { HttpService } from '@nestjs/axios';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import type { PeerClocks } from '../../platform/clock/peer-clocks.js';
import { SecuredTunnelAgent, TunnelAgent } from '../../platform/outbound/tunnel-agents.js';
import { transportFailure } from '../../platform/outbound/transport-failure.js';
import { assertDebit, assertLedgerKey, assertRefund } from '../ledger-call-rules.js';
import {
  WalletLedger,
  type DebitListing,
  type DebitWindow,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
  type LedgerUnknown,
} from '../wallet-ledger.js';
import { readBoundedBody } from './bounded-body.js';
import {
  readDebitAnswer,
  readListing,
  readLookup,
  readRefundAnswer,
  readReversalAnswer,
} from './ledger-answer-reader.js';
import { signLedgerRequest } from './ledger-request-signature.js';
import type { LedgerTls } from './ledger-tls.js';
import type { Id } from '../../platform/id.js';
import type { Origin } from '../../platform/tracing/origin.js';

/** How to reach the wallet's own core. */
export interface LedgerCore {
  readonly url: string;
  readonly secret: Buffer;
  readonly timeoutMs: number;
  /** Absent: what Node.js trusts, and no certificate of ours. */
  readonly tls?: LedgerTls;
  /** Absent: called directly. */
  readonly proxy?: URL;
}

interface CoreRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly key: string;
  readonly body?: object;
  readonly origin?: Origin | undefined;
}

const CORE_CLOCK = 'ledger';
const MAX_ANSWER_BYTES = 64 * 1024;

/** The wallet's own core over HTTP, as docs/wallet-ledger.md describes it. */
export class HttpWalletLedger extends WalletLedger {
  private readonly agents: Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent'>;

  constructor(
    private readonly http: HttpService,
    private readonly core: LedgerCore,
    private readonly clocks?: PeerClocks,
  ) {
    super();
    this.agents = agentsFor(core);
  }

  async debit(debit: LedgerDebit, origin?: Origin): Promise<LedgerAnswer> {
    assertDebit(debit);
    const { key, paymentRequestId, customerId, amount, notAfter, description, requirements } = debit;
    const body = {
      key,
      paymentRequestId,
      customerId,
      amount: { currency: amount.currency, value: amount.value.toString() },
      notAfter: notAfter.toISOString(),
      description,
      ...(requirements && { requirements }),
    };
    return this.ask({ method: 'POST', path: '/debits', key, body, origin }, (answer) =>
      readDebitAnswer(answer, debit),
    );
  }

  async lookup(key: Id<'DebitKey'>, origin?: Origin): Promise<LedgerLookup> {
    assertLedgerKey(key);
    const path = `/debits/${encodeURIComponent(key)}`;
    return this.ask({ method: 'GET', path, key, origin }, (answer) => readLookup(answer, key));
  }

  async reverse(key: Id<'DebitKey'>, reason: string, origin?: Origin): Promise<LedgerAnswer> {
    assertLedgerKey(key);
    const path = `/debits/${encodeURIComponent(key)}/reversal`;
    return this.ask({ method: 'POST', path, key, body: { key, reason }, origin }, (answer) =>
      readReversalAnswer(answer, key),
    );
  }

  async refund(refund: LedgerRefund, origin?: Origin): Promise<LedgerAnswer> {
    assertRefund(refund);
    const { key, debitKey, amount, reason } = refund;
    const path = `/debits/${encodeURIComponent(debitKey)}/refunds`;
    const body = { key, amount: { currency: amount.currency, value: amount.value.toString() }, reason };
    return this.ask({ method: 'POST', path, key, body, origin }, (answer) =>
      readRefundAnswer(answer, refund),
    );
  }

  /** A core without this call answers 404, as for any unknown path. */
  override async listDebits({ from, to, after }: DebitWindow): Promise<DebitListing> {
    const query = new URLSearchParams({
      from: from.toISOString(),
      to: to.toISOString(),
      ...(after === undefined ? {} : { after }),
    });
    const path = `/debits?${query.toString()}`;
    const listing = await this.ask({ method: 'GET', path, key: '' }, readListing);
    const isMissing = listing.outcome === 'unknown' && listing.reason === 'http_status_404';
    return isMissing ? { outcome: 'not_offered' } : listing;
  }

  /** One signal bounds all of it: the name, the connection, the wait, and an answer that only drips. */
  private async ask<Answer>(
    request: CoreRequest,
    read: (body: Buffer) => Answer,
  ): Promise<Answer | LedgerUnknown> {
    const signal = AbortSignal.timeout(this.core.timeoutMs);
    const askedAtMs = performance.now();
    try {
      const response = await this.http.axiosRef.request<Readable>(this.configOf(request, signal));
      this.lookAtClock(response.headers['date'], askedAtMs);
      const stream = addAbortSignal(signal, response.data);
      const refusal = notAnAnswer(response);
      if (refusal !== undefined) {
        stream.destroy();
        return unknown(refusal);
      }
      const body = await readBoundedBody(stream, MAX_ANSWER_BYTES);
      return body === undefined ? unknown('oversized') : read(body);
    } catch (error) {
      return unknown(signal.aborted ? 'timeout' : transportFailure(error));
    }
  }

  /** Also of a refusal: a core that takes our calls for stale says so with 401. */
  private lookAtClock(date: unknown, askedAtMs: number): void {
    if (typeof date !== 'string') return;
    this.clocks?.saw(CORE_CLOCK, {
      time: new Date(date),
      askedAtMs,
      answeredAtMs: performance.now(),
      grainMs: 1_000,
    });
  }

  private configOf(request: CoreRequest, signal: AbortSignal): AxiosRequestConfig {
    const url = new URL(this.core.url.replace(/\/+$/, '') + request.path);
    const time = (this.clocks?.nowFor(CORE_CLOCK) ?? new Date()).toISOString();
    const body = Buffer.from(request.body === undefined ? '' : JSON.stringify(request.body), 'utf8');
    const { method, key } = request;
    const signature = signLedgerRequest(
      { method, path: `${url.pathname}${url.search}`, time, body },
      this.core.secret,
    );
    return {
      url: url.href,
      method,
      signal,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'ledger-time': time,
        'ledger-signature': signature,
        ...request.origin?.headers,
        ...(method === 'POST' && { 'content-type': 'application/json', 'idempotency-key': key }),
      },
      ...(method === 'POST' && { data: body }),
      ...this.agents,
      responseType: 'stream',
      decompress: false,
      maxRedirects: 0,
      // Money goes through a proxy that was named for it, and not through whatever HTTP_PROXY a container happens to inherit.
      proxy: false,
      validateStatus: () => true,
    };
  }
}

function agentsFor({
  tls,
  proxy,
  timeoutMs,
}: LedgerCore): Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent'> {
  if (proxy) {
    const rules = { proxy, timeoutMs };
    return { httpAgent: new TunnelAgent(rules), httpsAgent: new SecuredTunnelAgent(rules, tls ?? {}) };
  }
  return tls ? { httpsAgent: new Agent({ ...tls, keepAlive: true }) } : {};
}

/**
 * The contract knows one status. 404 in particular is not an answer: any gateway sends it, so it cannot prove `absent`.
 */
function notAnAnswer(response: AxiosResponse<Readable>): string | undefined {
  const { status, headers } = response;
  if (status >= 300 && status < 400) return 'redirect';
  if (status !== 200) return `http_status_${status}`;
  const mediaType = String(headers['content-type'] ?? '').split(';')[0];
  return mediaType?.trim().toLowerCase() === 'application/json' ? undefined : 'not_json';
}

function unknown(reason: string): LedgerUnknown {
  return { outcome: 'unknown', reason };
}

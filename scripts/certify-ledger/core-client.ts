import { setTimeout as sleep } from 'node:timers/promises';
import {
  readDebitAnswer,
  readListing,
  readLookup,
  readRefundAnswer,
  readReversalAnswer,
} from '../../src/wallet-ledger/http/ledger-answer-reader.js';
import type { LedgerCore } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { signLedgerRequest } from '../../src/wallet-ledger/http/ledger-request-signature.js';
import type {
  DebitListing,
  DebitWindow,
  LedgerAnswer,
  LedgerDebit,
  LedgerLookup,
  LedgerRefund,
  LedgerUnknown,
} from '../../src/wallet-ledger/wallet-ledger.js';
import { WireLine, type Exchange, type WireRequest } from './wire-exchange.js';

/** The address and files with which the service will call this ledger. */
export type CoreAddress = LedgerCore;

export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  /** Below the address of the ledger. */
  readonly path: string;
  readonly key?: string;
  readonly body?: Buffer;
}

export interface Signing {
  readonly secret?: Buffer;
  readonly time?: string;
}

/** The answer as the service reads it, and the exchange on the wire. */
export interface Reply<Answer> {
  readonly answer: Answer | LedgerUnknown;
  readonly exchange: Exchange;
}

/** 3 seconds in all for one call; a ledger that only books a little later costs a little. */
const PAUSES_MS = [5, 10, 20, 40, 80, 160, 320, 640, 1280];
/** After so many useless waits a ledger that always says UNKNOWN is not waited for any more. */
const MOST_WAITS_IN_VAIN = 5;

/** The calls of docs/wallet-ledger.md, signed and read with the service's own code; checks may alter them. */
export class CoreClient {
  /** Every call that was answered or should have been. */
  readonly exchanges: Exchange[] = [];
  private readonly line: WireLine;
  private waitsInVain = 0;
  private lastTimeMs = 0;

  constructor(readonly address: CoreAddress) {
    this.line = new WireLine(new URL(address.url), address.timeoutMs, address.tls);
  }

  signed({ method, path, key, body = Buffer.alloc(0) }: UnsignedRequest, signing: Signing = {}): WireRequest {
    const { pathname, search } = new URL(this.address.url.replace(/\/+$/, '') + path);
    const target = pathname + search;
    const { secret = this.address.secret, time = this.aNewTime() } = signing;
    const signature = signLedgerRequest({ method, path: target, time, body }, secret);
    const headers = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'ledger-time': time,
      'ledger-signature': signature,
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...(method === 'POST' && key !== undefined && { 'idempotency-key': key }),
    };
    return { method, path: target, headers, body };
  }

  async send(request: WireRequest): Promise<Exchange> {
    const exchange = await this.line.exchange(request);
    this.exchanges.push(exchange);
    return exchange;
  }

  debitRequest(debit: LedgerDebit, signing?: Signing): WireRequest {
    const { key } = debit;
    const body = Buffer.from(JSON.stringify(debitFields(debit)), 'utf8');
    return this.signed({ method: 'POST', path: '/debits', key, body }, signing);
  }

  lookupRequest(key: string, signing?: Signing): WireRequest {
    return this.signed({ method: 'GET', path: `/debits/${encodeURIComponent(key)}` }, signing);
  }

  reversalRequest(key: string, reason: string, signing?: Signing): WireRequest {
    const path = `/debits/${encodeURIComponent(key)}/reversal`;
    const body = Buffer.from(JSON.stringify({ key, reason }), 'utf8');
    return this.signed({ method: 'POST', path, key, body }, signing);
  }

  refundRequest({ key, debitKey, amount, reason }: LedgerRefund): WireRequest {
    const path = `/debits/${encodeURIComponent(debitKey)}/refunds`;
    const { currency, value } = amount;
    const fields = { key, amount: { currency, value: value.toString() }, reason };
    return this.signed({ method: 'POST', path, key, body: Buffer.from(JSON.stringify(fields), 'utf8') });
  }

  async debitOnce(debit: LedgerDebit, request = this.debitRequest(debit)): Promise<Reply<LedgerAnswer>> {
    const exchange = await this.send(request);
    return { exchange, answer: read(exchange, (body) => readDebitAnswer(body, debit)) };
  }

  async lookupOnce(key: string): Promise<Reply<LedgerLookup>> {
    const exchange = await this.send(this.lookupRequest(key));
    return { exchange, answer: read(exchange, (body) => readLookup(body, key)) };
  }

  async reverseOnce(key: string, reason: string): Promise<Reply<LedgerAnswer>> {
    const exchange = await this.send(this.reversalRequest(key, reason));
    return { exchange, answer: read(exchange, (body) => readReversalAnswer(body, key)) };
  }

  async refundOnce(refund: LedgerRefund): Promise<Reply<LedgerAnswer>> {
    const exchange = await this.send(this.refundRequest(refund));
    return { exchange, answer: read(exchange, (body) => readRefundAnswer(body, refund)) };
  }

  /** One page; `not_offered` where the core does not have the call. */
  async list({ from, to, after }: DebitWindow): Promise<DebitListing> {
    const times = { from: from.toISOString(), to: to.toISOString() };
    const query = new URLSearchParams({ ...times, ...(after === undefined ? {} : { after }) });
    const exchange = await this.send(this.signed({ method: 'GET', path: `/debits?${query.toString()}` }));
    const listing = read(exchange, readListing);
    const isMissing = listing.outcome === 'unknown' && listing.reason === 'http_status_404';
    return isMissing ? { outcome: 'not_offered' } : listing;
  }

  /** Repeats while the ledger says UNKNOWN, as the service does: a core may need a moment to book. */
  async debit(debit: LedgerDebit): Promise<LedgerAnswer> {
    return this.untilKnown(() => this.debitOnce(debit));
  }

  async lookup(key: string): Promise<LedgerLookup> {
    return this.untilKnown(() => this.lookupOnce(key));
  }

  async reverse(key: string, reason = 'certification'): Promise<LedgerAnswer> {
    return this.untilKnown(() => this.reverseOnce(key, reason));
  }

  async refund(refund: LedgerRefund): Promise<LedgerAnswer> {
    return this.untilKnown(() => this.refundOnce(refund));
  }

  /** Sends `share` of the request and hangs up `afterMs` later, without an answer. */
  async hangUp(request: WireRequest, share: number, afterMs: number): Promise<void> {
    await this.line.hangUp(request, Math.floor(request.body.length * share), afterMs);
  }

  close(): void {
    this.line.close();
  }

  /** Never the same twice, so that a request is repeated byte for byte only where a check intends it. */
  private aNewTime(): string {
    this.lastTimeMs = Math.max(Date.now(), this.lastTimeMs + 1);
    return new Date(this.lastTimeMs).toISOString();
  }

  private async untilKnown<Answer extends { readonly outcome: string }>(
    ask: () => Promise<Reply<Answer>>,
  ): Promise<Answer | LedgerUnknown> {
    let { answer } = await ask();
    for (const pauseMs of PAUSES_MS) {
      const saysUnknown = 'reason' in answer && answer.reason === 'ledger_unknown';
      if (!saysUnknown || this.waitsInVain >= MOST_WAITS_IN_VAIN) return answer;
      await sleep(pauseMs);
      ({ answer } = await ask());
    }
    this.waitsInVain += 1;
    return answer;
  }
}

/** The body of a debit as the service writes it. */
export function debitFields(debit: LedgerDebit) {
  const { key, paymentRequestId, customerId, amount, notAfter, description } = debit;
  const { currency, value } = amount;
  return {
    key,
    paymentRequestId,
    customerId,
    amount: { currency, value: value.toString() },
    notAfter: notAfter.toISOString(),
    description,
  };
}

/** The status word of an answer with HTTP status 200, whatever else is wrong with it. */
export function statusWord({ result }: Exchange): unknown {
  if (typeof result === 'string' || result.status !== 200) return undefined;
  try {
    const value: unknown = JSON.parse(result.body.toString('utf8'));
    return typeof value === 'object' && value !== null && 'status' in value ? value.status : undefined;
  } catch {
    return undefined; // Not JSON: it has no word of the contract.
  }
}

function read<Answer>(exchange: Exchange, reader: (body: Buffer) => Answer): Answer | LedgerUnknown {
  const { result } = exchange;
  if (typeof result === 'string') return { outcome: 'unknown', reason: result };
  const { status, contentType, body } = result;
  if (status >= 300 && status < 400) return { outcome: 'unknown', reason: 'redirect' };
  if (status !== 200) return { outcome: 'unknown', reason: `http_status_${status}` };
  if (mediaTypeOf(contentType) !== 'application/json') return { outcome: 'unknown', reason: 'not_json' };
  return reader(body);
}

export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readBoundedBody } from '../../src/wallet-ledger/http/bounded-body.js';
import type {
  DebitListing,
  LedgerAmount,
  LedgerAnswer,
  LedgerLookup,
  WalletLedger,
} from '../../src/wallet-ledger/wallet-ledger.js';
import { NotByContract, readLedgerCall, type LedgerCall } from './ledger-call.js';
import { isGenuine } from './request-signature-check.js';

const MAX_REQUEST_BYTES = 64 * 1024;

interface Answer {
  readonly status: number;
  readonly fields: object;
}

/** Serves any wallet ledger of the port by the contract of docs/wallet-ledger.md. */
export class LedgerHttpServer {
  private readonly server = createServer((request, response) => void this.answer(request, response));

  constructor(
    private readonly ledger: WalletLedger,
    private readonly secret: Buffer,
  ) {}

  /** Listens and returns the address, ready for WALLET_LEDGER_URL. */
  async listen(port = 0, host = '127.0.0.1'): Promise<string> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('listening on no port');
    return `http://${host}:${address.port}`;
  }

  /** Finishes the answers to running calls. */
  async close(): Promise<void> {
    this.server.close();
    this.server.closeIdleConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await wholeBody(request);
    if (body === undefined) return;
    const answer = await this.answerTo(request, body).catch((error: unknown) => {
      console.error(error);
      return refused(500, 'the ledger failed');
    });
    const text = Buffer.from(JSON.stringify(answer.fields), 'utf8');
    const headers = { 'content-type': 'application/json', 'content-length': text.length };
    response.writeHead(answer.status, headers).end(text);
  }

  private async answerTo(request: IncomingMessage, body: Buffer): Promise<Answer> {
    if (!isGenuine(request, body, this.secret)) return refused(401, 'the signature or its time does not fit');
    const { method = '', url = '', headers } = request;
    try {
      return await this.ask(readLedgerCall(method, url, headers['idempotency-key'], body));
    } catch (error) {
      if (error instanceof NotByContract) return refused(error.status, error.message);
      throw error;
    }
  }

  private async ask(call: LedgerCall): Promise<Answer> {
    if (call.call === 'list') return listed(await this.ledger.listDebits(call.window));
    if (call.call === 'lookup') return told(call.key, await this.ledger.lookup(call.key));
    if (call.call === 'reverse') return told(call.key, await this.ledger.reverse(call.key, call.reason));
    const { key, amount } = call.call === 'debit' ? call.debit : call.refund;
    const answer = call.call === 'debit' ? this.ledger.debit(call.debit) : this.ledger.refund(call.refund);
    return told(key, await answer, { amount: fieldsOf(amount) });
  }
}

/** Undefined when the caller hung up, or sent so much that the connection was dropped: nobody waits for an answer. */
async function wholeBody(request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return await readBoundedBody(request, MAX_REQUEST_BYTES);
  } catch {
    return undefined;
  }
}

function listed(listing: DebitListing): Answer {
  if (listing.outcome === 'not_offered') return refused(404, 'there is no such call');
  if (listing.outcome === 'unknown') return refused(503, 'the books cannot be read now');
  const debits = listing.debits.map(({ amount, status, bookedAt, ...debit }) => ({
    ...debit,
    amount: fieldsOf(amount),
    status: status.toUpperCase(),
    bookedAt: bookedAt.toISOString(),
  }));
  const next = listing.next === undefined ? {} : { next: listing.next };
  return { status: 200, fields: { debits, ...next } };
}

function told(key: string, answer: LedgerAnswer | LedgerLookup, echo: object = {}): Answer {
  const { outcome } = answer;
  if (outcome === 'refused')
    return { status: 200, fields: { key, status: 'REFUSED', code: answer.code, ...echo } };
  if (outcome === 'absent') return { status: 200, fields: { key, status: 'ABSENT' } };
  if (outcome !== 'unknown') {
    const { ledgerReference } = answer;
    const booked =
      outcome === 'debited' ? { customerId: answer.customerId, amount: fieldsOf(answer.amount) } : echo;
    return { status: 200, fields: { key, status: outcome.toUpperCase(), ledgerReference, ...booked } };
  }
  // The books hold another amount under this key, so there is none to echo.
  if (answer.reason === 'key_content_mismatch') return refused(409, 'the key was used with other content');
  return { status: 200, fields: { key, status: 'UNKNOWN', ...echo } };
}

function fieldsOf({ currency, value }: LedgerAmount): object {
  return { currency, value: value.toString() };
}

function refused(status: number, error: string): Answer {
  return { status, fields: { error } };
}

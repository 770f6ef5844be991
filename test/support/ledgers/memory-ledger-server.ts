import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { MemoryBooks, type KeyRecord, type Told } from './memory-books.js';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the caller has hung up by now. */
  readonly isAbandoned: () => boolean;
}

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

class Malformed extends Error {}

/** A wallet's core as another team might write it, from docs/wallet-ledger.md alone. */
export class MemoryLedgerServer {
  private readonly server: Server;
  private readonly scheme: 'http' | 'https';

  /** @param tls makes it an https server with these certificates */
  constructor(
    private readonly secret: string,
    protected readonly books = new MemoryBooks(),
    tls?: ServerOptions,
  ) {
    const receive = (request: IncomingMessage, response: ServerResponse): void =>
      void this.receive(request, response);
    this.server = tls ? createTlsServer(tls, receive) : createServer(receive);
    this.scheme = tls ? 'https' : 'http';
    books.open('rich', 'HKD', 5000n);
    books.open('poor', 'HKD', 3n);
    books.open('blocked', 'HKD', 5000n);
    books.blocked.add('blocked');
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `${this.scheme}://127.0.0.1:${address.port}/wallet/ledger`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  /** Handles one whole call; a broken ledger adds its fault here. */
  protected async answer(received: Received): Promise<Sent> {
    if (!this.isTimely(received) || !this.isGenuine(received)) return sent(401, { error: 'signature' });
    const { pathname, searchParams } = new URL(received.path, 'http://core');
    if (received.method === 'GET' && pathname === '/wallet/ledger/debits') return this.list(searchParams);
    const [call, segment = '', action] = received.path.replace('/wallet/ledger/', '').split('/');
    const route = `${received.method} ${call ?? ''} ${segment === '' ? '' : 'key'} ${action ?? ''}`.trimEnd();
    if (received.path.split('/').length > 6) return this.notFound();
    if (route === 'POST debits') return this.debit(received);
    if (route === 'GET debits key') return this.lookup(this.keyIn(segment));
    if (route === 'POST debits key reversal') return this.reverse(this.keyIn(segment));
    if (route === 'POST debits key refunds') return this.refund(this.keyIn(segment), received);
    return this.notFound();
  }

  protected isTimely({ headers }: Received): boolean {
    return Math.abs(Date.parse(String(headers['ledger-time'])) - Date.now()) <= 300_000;
  }

  protected isGenuine({ method, path, headers, body }: Received): boolean {
    const text = `${method}\n${path}\n${String(headers['ledger-time'])}\n${body}`;
    return (
      headers['ledger-signature'] === `v1=${createHmac('sha256', this.secret).update(text).digest('hex')}`
    );
  }

  protected keyIn(segment: string): string {
    return decodeURIComponent(segment);
  }

  protected valueIn(value: unknown): bigint {
    if (typeof value !== 'string' || !/^[1-9]\d*$/.test(value)) throw new Malformed();
    return BigInt(value);
  }

  protected async debit({ body }: Received): Promise<Sent> {
    try {
      const { key, paymentRequestId, customerId, amount, notAfter } = fieldsOf(body);
      const { currency, value } = fieldsOf(JSON.stringify(amount ?? null));
      const notAfterMs = Date.parse(String(notAfter));
      const texts = [key, paymentRequestId, customerId, currency];
      if (texts.some((field) => typeof field !== 'string') || Number.isNaN(notAfterMs)) throw new Malformed();
      const asked = {
        key: String(key),
        paymentRequestId: String(paymentRequestId),
        customerId: String(customerId),
        currency: String(currency),
        value: this.valueIn(value),
        notAfterMs,
      };
      const told = await this.books.debit(asked);
      return this.told(asked.key, told, { amount: { currency, value: String(asked.value) } });
    } catch (error) {
      if (error instanceof Malformed) return sent(400, { error: 'malformed' });
      throw error;
    }
  }

  protected async lookup(key: string): Promise<Sent> {
    return this.told(key, await this.books.lookup(key));
  }

  protected async reverse(key: string): Promise<Sent> {
    return this.told(key, await this.books.reverse(key));
  }

  protected async refund(debitKey: string, { body }: Received): Promise<Sent> {
    try {
      const { key, amount } = fieldsOf(body);
      const { currency, value } = fieldsOf(JSON.stringify(amount ?? null));
      if ([key, currency].some((field) => typeof field !== 'string')) throw new Malformed();
      const asked = { key: String(key), debitKey, currency: String(currency), value: this.valueIn(value) };
      const told = await this.books.refund(asked);
      return this.told(asked.key, told, { amount: { currency, value: String(asked.value) } });
    } catch (error) {
      if (error instanceof Malformed) return sent(400, { error: 'malformed' });
      throw error;
    }
  }

  /** Pages of three, so that there are several. */
  protected list(query: URLSearchParams): Sent {
    const [from, to] = [query.get('from'), query.get('to')].map((time) => Date.parse(time ?? ''));
    if (from === undefined || to === undefined || Number.isNaN(from + to))
      return sent(400, { error: 'malformed' });
    const begin = Number(query.get('after') ?? 0);
    const all = this.books.listed(from, to);
    const debits = all.slice(begin, begin + 3).map(([key, record]) => this.entry(key, record));
    return sent(200, { debits, ...(begin + 3 < all.length && { next: String(begin + 3) }) });
  }

  protected entry(key: string, record: KeyRecord): object {
    const { paymentRequestId, owner, value, reversal, bookedAtMs = 0 } = record;
    const [customerId = '', currency = ''] = owner.split(' ');
    const status = reversal === undefined ? 'DEBITED' : 'REVERSED';
    const bookedAt = new Date(bookedAtMs).toISOString();
    return {
      key,
      paymentRequestId,
      customerId,
      amount: { currency, value: String(value) },
      status,
      bookedAt,
    };
  }

  protected told(key: string, told: Told, echo: object = {}): Sent {
    return sent(200, { key, ...told, ...echo });
  }

  protected notFound(): Sent {
    return sent(404, { error: 'not found' });
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
    } catch {
      return; // The caller hung up in the middle of the request.
    }
    const { method = '', url: path = '', headers } = request;
    const body = Buffer.concat(chunks).toString('utf8');
    const isAbandoned = (): boolean => request.socket.destroyed || response.destroyed;
    const { status, headers: told, text } = await this.answer({ method, path, headers, body, isAbandoned });
    response.writeHead(status, told).end(text);
  }
}

export function sent(status: number, fields: object): Sent {
  return { status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(fields) };
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text) as object) }; // spread makes an object of whatever JSON holds
  } catch {
    throw new Malformed();
  }
}

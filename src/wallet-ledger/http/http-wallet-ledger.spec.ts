import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { HttpService } from '@nestjs/axios';
import { ConnectProxy } from '../../platform/outbound/spec-support/connect-proxy.js';
import type { LedgerDebit } from '../wallet-ledger.js';
import { HttpWalletLedger } from './http-wallet-ledger.js';
import { Origin } from '../../platform/tracing/origin.js';

const SECRET = Buffer.from('0123456789abcdef0123456789abcdef');
const DEBIT: LedgerDebit = {
  key: 'debit-1',
  paymentRequestId: 'order-1',
  customerId: 'payer-1',
  amount: { currency: 'HKD', value: 8518n },
  notAfter: new Date('2030-01-01T00:00:00Z'),
  description: 'Tea House',
};
const DONE = {
  key: 'debit-1',
  status: 'DONE',
  ledgerReference: 'ref-1',
  amount: { currency: 'HKD', value: '8518' },
};

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A wallet core that answers as the test says and records its requests. */
class ScriptedCore {
  readonly received: Received[] = [];
  answer: (response: ServerResponse) => void = json(DONE);
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      this.received.push({ method, path, headers, body: Buffer.concat(chunks) });
      this.answer(response);
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${portOf(this.server.address())}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}

function json(body: unknown, status = 200): (response: ServerResponse) => void {
  return raw(status, { 'content-type': 'application/json; charset=utf-8' }, JSON.stringify(body));
}

function raw(status: number, headers: Record<string, string>, body: string | Buffer) {
  return (response: ServerResponse) => void response.writeHead(status, headers).end(body);
}

function ledgerAt(url: string, timeoutMs = 5000): HttpWalletLedger {
  return new HttpWalletLedger(new HttpService(), { url, secret: SECRET, timeoutMs });
}

const unknown = (reason: string) => ({ outcome: 'unknown', reason });

describe('the http wallet ledger', () => {
  let core: ScriptedCore;
  let url: string;
  beforeEach(async () => {
    core = new ScriptedCore();
    url = await core.listen();
  });
  afterEach(() => core.close());

  it('posts the debit with its key, its order, whole amount as text, and the deadline', async () => {
    expect(await ledgerAt(url).debit(DEBIT)).toEqual({ outcome: 'done', ledgerReference: 'ref-1' });
    const [request] = core.received;
    expect(request).toMatchObject({ method: 'POST', path: '/debits' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'debit-1',
    });
    expect(JSON.parse(String(request?.body))).toEqual({
      key: 'debit-1',
      paymentRequestId: 'order-1',
      customerId: 'payer-1',
      amount: { currency: 'HKD', value: '8518' },
      notAfter: '2030-01-01T00:00:00.000Z',
      description: 'Tea House',
    });
  });

  it('posts the requirements of the order besides its money, and learns that a proof is wrong', async () => {
    const requirements = {
      flags: ['needOtpVerification'],
      proofs: { otp: '482913' },
      passThroughInfo: 'a=b',
    };
    core.answer = json({ ...DONE, status: 'REFUSED', code: 'PROOF_REJECTED', ledgerReference: null });
    expect(await ledgerAt(url).debit({ ...DEBIT, requirements })).toEqual({
      outcome: 'refused',
      code: 'PROOF_REJECTED',
    });
    expect(JSON.parse(String(core.received[0]?.body))).toMatchObject({ requirements });
  });

  it('sends values beyond 2^53 digit for digit', async () => {
    const value = 123456789012345678901234567890n;
    core.answer = json({ ...DONE, amount: { currency: 'HKD', value: String(value) } });
    const answer = await ledgerAt(url).debit({ ...DEBIT, amount: { currency: 'HKD', value } });
    expect(answer.outcome).toBe('done');
    expect(String(core.received[0]?.body)).toContain('"123456789012345678901234567890"');
  });

  it('looks a key up and reverses it under a path that has the key unchanged', async () => {
    const key = "a/b?c#d%20'(e)";
    const ledger = ledgerAt(`${url}/ledger/`);
    const { customerId, amount } = DEBIT;
    core.answer = json({ ...DONE, key, status: 'DEBITED', customerId });
    const debited = { outcome: 'debited', ledgerReference: 'ref-1', customerId, amount };
    expect(await ledger.lookup(key)).toEqual(debited);
    core.answer = json({ key, status: 'DONE', ledgerReference: 'ref-2' });
    expect(await ledger.reverse(key, 'cancelled')).toEqual({ outcome: 'done', ledgerReference: 'ref-2' });

    const [lookup, reversal] = core.received;
    expect(lookup).toMatchObject({ method: 'GET' });
    expect(lookup?.headers).not.toHaveProperty('content-type');
    expect(lookup?.headers).not.toHaveProperty('idempotency-key');
    expect(decodeURIComponent(String(lookup?.path))).toBe(`/ledger/debits/${key}`);
    expect(lookup?.path.split('/')).toHaveLength(4);
    expect(reversal).toMatchObject({ method: 'POST', path: `${lookup?.path}/reversal` });
    expect(reversal?.headers).toMatchObject({ 'idempotency-key': key });
    expect(JSON.parse(String(reversal?.body))).toEqual({ key, reason: 'cancelled' });
  });

  it('signs method, path, time and raw body of every request', async () => {
    const ledger = ledgerAt(`${url}/ledger`);
    const traced = { headers: { value: { traceparent: 'sent' } } };
    await ledger.debit(DEBIT, Object.create(Origin.NONE, traced) as Origin); // as in a span
    await ledger.lookup("it's%");
    await ledger.reverse('debit-1', 'cancelled');
    expect(core.received.map((one) => one.headers['traceparent'])).toEqual(['sent', undefined, undefined]);
    for (const { method, path, headers, body } of core.received) {
      const time = String(headers['ledger-time']);
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
      const mac = createHmac('sha256', SECRET).update(`${method}\n${path}\n${time}\n${String(body)}`);
      expect(headers['ledger-signature']).toBe(`v1=${mac.digest('hex')}`);
    }
  });

  it('throws for a call that breaks the contract, and sends nothing', async () => {
    const ledger = ledgerAt(url);
    await expect(ledger.debit({ ...DEBIT, amount: { currency: 'HKD', value: 0n } })).rejects.toThrow(
      RangeError,
    );
    await expect(ledger.lookup('..')).rejects.toThrow(RangeError);
    await expect(ledger.reverse('', 'x')).rejects.toThrow(RangeError);
    expect(core.received).toHaveLength(0);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['a refusal', json({ ...DONE, status: 'REFUSED', ledgerReference: null, code: 'TOO_LATE' }), ''],
    [
      'the core itself not knowing',
      json({ key: 'debit-1', status: 'UNKNOWN', amount: DONE.amount }),
      'ledger_unknown',
    ],
    ['another key', json({ ...DONE, key: 'debit-2' }), 'other_key'],
    ['another amount', json({ ...DONE, amount: { currency: 'HKD', value: '8519' } }), 'other_amount'],
    ['broken JSON', raw(200, { 'content-type': 'application/json' }, '{"key":"debit-1",'), 'unreadable'],
    ['no body', raw(200, { 'content-type': 'application/json' }, ''), 'unreadable'],
    ['HTML', raw(200, { 'content-type': 'text/html' }, '<html>DONE</html>'), 'not_json'],
    [
      'JSON called something else',
      raw(200, { 'content-type': 'text/plain' }, JSON.stringify(DONE)),
      'not_json',
    ],
    ['JSON without a media type', raw(200, {}, JSON.stringify(DONE)), 'not_json'],
    ['201', json(DONE, 201), 'http_status_201'],
    ['404', json({ key: 'debit-1', status: 'ABSENT' }, 404), 'http_status_404'],
    ['409', json(DONE, 409), 'http_status_409'],
    ['500', json(DONE, 500), 'http_status_500'],
    ['503', raw(503, {}, ''), 'http_status_503'],
    ['10 MB', raw(200, { 'content-type': 'application/json' }, Buffer.alloc(10_000_000, 0x20)), 'oversized'],
    [
      'compressed bytes nobody asked for',
      raw(
        200,
        { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        Buffer.from([0x1f, 0x8b, 8]),
      ),
      'unreadable',
    ],
    ['a dropped connection', (response) => void response.destroy(), 'network_error'],
    [
      'half an answer',
      (response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '900' })
          .write('{"key"', () => response.destroy()),
      'network_error',
    ],
  ])('reads %s', async (_what, answer, reason) => {
    core.answer = answer;
    const expected = reason === '' ? { outcome: 'refused', code: 'TOO_LATE' } : unknown(reason);
    expect(await ledgerAt(url).debit(DEBIT)).toEqual(expected);
    expect(core.received).toHaveLength(1);
  });

  it('accepts an answer of exactly 64 KiB and not one byte more', async () => {
    const text = JSON.stringify(DONE);
    const padded = (bytes: number) => raw(200, { 'content-type': 'application/json' }, text.padEnd(bytes));
    core.answer = padded(65_536);
    expect(await ledgerAt(url).debit(DEBIT)).toMatchObject({ outcome: 'done' });
    core.answer = padded(65_537);
    expect(await ledgerAt(url).debit(DEBIT)).toEqual(unknown('oversized'));
  });

  it('does not follow a redirect, so nobody else receives the debit', async () => {
    const other = new ScriptedCore();
    const location = `${await other.listen()}/debits`;
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        core.answer = raw(status, { location }, '');
        expect(await ledgerAt(url).debit(DEBIT)).toEqual(unknown('redirect'));
      }
      expect(other.received).toHaveLength(0);
    } finally {
      await other.close();
    }
  });

  it('reports a core that never answers as unknown', async () => {
    core.answer = () => undefined;
    expect(await ledgerAt(url, 150).debit(DEBIT)).toEqual(unknown('timeout'));
    expect(core.received).toHaveLength(1);
  });

  it('reports an answer that only drips as unknown', async () => {
    core.answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await ledgerAt(url, 300).debit(DEBIT)).toEqual(unknown('timeout'));
  });

  it('reports a server that accepts the connection and says nothing in TLS as unknown', async () => {
    // Reads, so that it notices when the client hangs up.
    const silent = createTcpServer((socket) => void socket.resume().on('error', () => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const address = `https://127.0.0.1:${portOf(silent.address())}`;
      expect(await ledgerAt(address, 200).debit(DEBIT)).toEqual(unknown('timeout'));
    } finally {
      await new Promise((resolve) => silent.close(resolve));
    }
  });

  it('names a port where nobody listens and a peer that does not speak TLS', async () => {
    expect(await ledgerAt(url.replace('http:', 'https:')).debit(DEBIT)).toEqual(unknown('tls_error'));
    await core.close();
    expect(await ledgerAt(url).debit(DEBIT)).toEqual(unknown('connection_refused'));
  });

  describe('through a proxy', () => {
    const proxy = new ConnectProxy();
    let place: string;
    beforeAll(async () => {
      place = await proxy.listen();
    });
    beforeEach(() => {
      proxy.refusal = undefined;
      proxy.asked.length = 0;
    });
    afterAll(() => proxy.close());

    const through = (timeoutMs = 5_000, scheme = 'http'): HttpWalletLedger =>
      new HttpWalletLedger(new HttpService(), {
        url: url.replace('127.0.0.1', 'core.invalid'),
        secret: SECRET,
        timeoutMs,
        proxy: new URL(`${scheme}://mpp:p%40ss@${place}`),
      });

    it('calls a core whose name only the proxy can resolve, and keeps the tunnel for the next debit', async () => {
      const ledger = through(400);
      expect(await ledger.debit(DEBIT)).toMatchObject({ outcome: 'done' });
      // Longer than the proxy may take to open it: that limit is over once it is open.
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await ledger.debit(DEBIT)).toMatchObject({ outcome: 'done' });
      expect(core.received.map(({ path }) => path)).toEqual(['/debits', '/debits']);
      const access = `Basic ${Buffer.from('mpp:p@ss').toString('base64')}`;
      expect(proxy.asked).toEqual([{ place: `core.invalid:${new URL(url).port}`, access }]);
      expect(core.received[0]?.headers['proxy-authorization']).toBeUndefined();
    });

    it.each([
      ['wants another password', 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'],
      ['finds no core', 'HTTP/1.1 502 Bad Gateway\r\n\r\n'],
      ['answers for the core', `HTTP/1.1 201 Created\r\n\r\n${JSON.stringify(DONE)}`],
      ['speaks before the core can', `HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n${JSON.stringify(DONE)}`],
    ])('trusts no proxy that %s', async (_what, refusal) => {
      proxy.refusal = refusal;
      expect(await through().debit(DEBIT)).toEqual(unknown('connection_refused'));
      expect(core.received).toHaveLength(0);
    });

    it('reports a proxy that is silent, speaks no HTTP, or is missing as unknown', async () => {
      proxy.refusal = 'silence';
      expect(await through(150).debit(DEBIT)).toEqual(unknown('timeout'));
      proxy.refusal = 'SSH-2.0-other\r\n';
      expect(await through().debit(DEBIT)).toEqual(unknown('network_error'));
      expect(await through(5_000, 'https').debit(DEBIT)).toEqual(unknown('tls_error'));
      place = '127.0.0.1:1';
      expect(await through().debit(DEBIT)).toEqual(unknown('connection_refused'));
      expect(core.received).toHaveLength(0);
    });
  });
});

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NoAnswer, PaymentsClient, PaymentsProblem, type Payment, type Retry } from './payments-client.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void; // what that flag exposes

type Play = (response: ServerResponse, request: IncomingMessage) => void;

/** Answers each request as the next of `plays` says, the last one again and again. */
let plays: Play[];
let seen: { readonly line: string; readonly headers: IncomingMessage['headers']; readonly body: string }[];
let server: Server;
let baseUrl: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      const play = plays.length > 1 ? plays.shift() : plays[0];
      play?.(response, request);
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(resolve));
});
beforeEach(() => {
  plays = [];
  seen = [];
});

const PAYMENT = {
  paymentId: '01a229f7-60b4-74c4-9caf-c34aed23451f',
  status: 'AWAITING_CONFIRMATION',
  payAmount: { currency: 'HKD', value: '8916', display: 'HK$89.16' },
} as Payment; // what these tests look at

const json =
  (body: object, status = 200, headers = {}): Play =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      .end(JSON.stringify(body));
const problem = (status: number, members: object, headers = {}): Play =>
  json({ code: 'SOME_CODE', title: 'Some title', requestId: 'r-1', ...members }, status, {
    'content-type': 'application/problem+json',
    ...headers,
  });
const busy = problem(503, { action: 'RETRY', messageKey: 'service.busy' }, { 'retry-after': '0' });
const hangUp: Play = (response) => void response.destroy();
const page: Play = (response) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Welcome to the airport</title>');

const client = (more: Partial<ConstructorParameters<typeof PaymentsClient>[0]> = {}) =>
  new PaymentsClient({ baseUrl, token: 'token-of-a-payer', firstPauseMs: 10, ...more });
const failure = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a call', () => {
  it('is repeated with one request id until the service answers', async () => {
    plays = [busy, hangUp, page, problem(429, { action: 'RETRY' }, { 'retry-after': '0' }), json(PAYMENT)];
    const retries: Retry[] = [];
    const paid = await client({ onRetry: (retry) => retries.push(retry) }).confirm(PAYMENT);
    expect(paid).toEqual(PAYMENT);
    expect(seen).toHaveLength(5);
    expect(new Set(seen.map(({ headers }) => headers['x-request-id'])).size).toBe(1);
    expect(new Set(seen.map(({ line, body }) => line + body)).size).toBe(1);
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  });

  const stalled: Play = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"paymentId":');
  };

  it.each(['its limit', 'its caller'])(
    'whose answer stops in the middle is ended by %s, whatever was collected as garbage meanwhile',
    async (by) => {
      plays = [stalled];
      const leaving = new AbortController();
      const limit = by === 'its limit' ? { timeoutMs: 2_000 } : {};
      const calls = Array.from({ length: 5 }, () =>
        failure(client({ attempts: 1, ...limit }).payment('p', { signal: leaving.signal })),
      );
      let areEnded = false;
      const ended = Promise.all(calls).finally(() => (areEnded = true));
      // As often as it takes until the bodies have begun, and what came before them is garbage.
      for (let times = 0; !areEnded && (seen.length < 5 || times < 5); times += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        collectGarbage();
      }
      expect(seen).toHaveLength(5);
      if (by === 'its caller') leaving.abort(new Error('the payer left'));
      for (const error of await ended)
        expect(String(error)).toContain(by === 'its caller' ? 'the payer left' : 'no answer');
    },
  );

  it('ends as unknown, and never as refused, when no answer of the service comes', async () => {
    plays = [page];
    const error = await failure(client({ attempts: 2 }).confirm(PAYMENT, { requestId: 'shown-to-support' }));
    expect(error).toBeInstanceOf(NoAnswer);
    expect(error).toMatchObject({ requestId: 'shown-to-support', attempts: 2, status: 200 });
    expect(seen).toHaveLength(2);
  });

  it('waits as long as the service asks for, and no longer than it may', async () => {
    plays = [problem(429, { action: 'RETRY' }, { 'retry-after': '1' }), json(PAYMENT)];
    const began = performance.now();
    await client().payment(PAYMENT.paymentId);
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
    plays = [problem(429, { action: 'RETRY' }, { 'retry-after': '31' })];
    expect(await failure(client().payment(PAYMENT.paymentId))).toMatchObject({
      status: 429,
      retryAfterMs: 31_000,
    });
  });

  it.each([
    [422, 'TOP_UP'],
    [409, 'SHOW_AGAIN'],
    [400, 'FIX_REQUEST'],
    [500, 'CONTACT_SUPPORT'],
  ])('that is refused with %i and %s is not repeated', async (status, action) => {
    plays = [problem(status, { action, messageKey: 'payment.some', detail: 'For the payer.' })];
    const error = await failure(client().confirm(PAYMENT));
    expect(error).toBeInstanceOf(PaymentsProblem);
    expect(error).toMatchObject({
      status,
      action,
      code: 'SOME_CODE',
      messageKey: 'payment.some',
      detail: 'For the payer.',
      requestId: 'r-1',
      errors: [],
    });
    expect(seen).toHaveLength(1);
  });

  it('that is refused without an action leads to support', async () => {
    plays = [problem(418, {})];
    expect(await failure(client().payment('a'))).toMatchObject({ action: 'CONTACT_SUPPORT' });
  });

  it('ends at once when it is aborted: before, during and between attempts', async () => {
    const aborted = AbortSignal.abort(new Error('left the page'));
    expect(await failure(client().payment('a', { signal: aborted }))).toMatchObject({
      message: 'left the page',
    });
    expect(seen).toHaveLength(0);
    for (const play of [
      () => undefined,
      problem(503, { action: 'RETRY' }, { 'retry-after': '20' }),
    ] as Play[]) {
      const abort = new AbortController();
      plays = [
        (response, request) => {
          play(response, request);
          setTimeout(() => abort.abort(new Error('left the page')), 50);
        },
      ];
      const error = await failure(client().payment('a', { signal: abort.signal }));
      expect(error).toMatchObject({ message: 'left the page' });
    }
    expect(seen).toHaveLength(2);
  });

  it('does not wait for ever for an answer that begins and does not end', async () => {
    plays = [
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":'),
      json(PAYMENT),
    ];
    await expect(client({ timeoutMs: 100 }).payment('a')).resolves.toEqual(PAYMENT);
  });

  it('follows no redirection, and tells nobody else its token', async () => {
    plays = [(response) => response.writeHead(302, { location: '/elsewhere' }).end()];
    expect(await failure(client({ attempts: 1 }).payment('a'))).toBeInstanceOf(NoAnswer);
    expect(seen.map(({ line }) => line)).toEqual(['GET /v1/payments/a']);
  });

  it('gets a new token once when the one it had is refused', async () => {
    const refused = problem(401, { action: 'SIGN_IN' });
    const tokens = ['old', 'new', 'new', 'new'];
    plays = [refused, json(PAYMENT)];
    await client({ token: () => Promise.resolve(tokens.shift() ?? 'new') }).payment('a');
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
    plays = [refused];
    seen = [];
    expect(await failure(client({ token: () => 'same' }).payment('a'))).toMatchObject({ action: 'SIGN_IN' });
    expect(seen).toHaveLength(1);
  });

  it('never shows a token in an error', async () => {
    for (const token of ['', 'two words', 'line\nbreak', 'emoji😀']) {
      const error = await failure(client({ token }).payment('a'));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).not.toContain(token === '' ? 'Bearer' : token);
    }
    expect(seen).toHaveLength(0);
  });

  it.each(['..', '', 'a/b', 'a?b', 'x'.repeat(65)])('goes to no other address by the id "%s"', async (id) => {
    for (const call of [
      client().payment(id),
      client().decline(id),
      client().confirm({ ...PAYMENT, paymentId: id }),
      client().readScan(id),
    ]) {
      expect(await failure(call)).toBeInstanceOf(TypeError);
    }
    expect(seen).toHaveLength(0);
  });

  it('begins at the address it was given', async () => {
    plays = [json(PAYMENT)];
    await client({ baseUrl: `${baseUrl}/wallet/pay//` }).payment('a');
    expect(seen[0]?.line).toBe('GET /wallet/pay/v1/payments/a');
    for (const wrong of ['', 'payments.example', 'ftp://payments.example']) {
      expect(() => client({ baseUrl: wrong })).toThrow(TypeError);
    }
  });
});

describe('a scan that is waited for', () => {
  it('is polled until it is decoded, and never in a circle', async () => {
    const pending = json({ scanId: 's-1', status: 'PENDING' }, 202, { 'retry-after': '1' });
    plays = [pending, pending, json({ scanId: 's-1', status: 'DECODED', payment: PAYMENT })];
    const began = performance.now();
    const payment = await client().scanAndWait({ codeValue: 'a code', customerId: 'a payer' });
    expect(payment).toEqual(PAYMENT);
    expect(seen.map(({ line }) => line)).toEqual([
      'POST /v1/scans',
      'GET /v1/scans/s-1?waitMs=20000',
      'GET /v1/scans/s-1?waitMs=20000',
    ]);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ codeValue: 'a code', customerId: 'a payer' });
    // The second question came back at once.
    expect(performance.now() - began).toBeGreaterThanOrEqual(950);
  });

  it('is thrown when it is refused meanwhile', async () => {
    plays = [
      json({ scanId: 's-1', status: 'PENDING' }, 202, { 'retry-after': '0' }),
      problem(422, { code: 'EXPIRED_CODE', action: 'SHOW_CODE_EXPIRED', scanId: 's-1' }),
    ];
    const error = await failure(client().scanAndWait({ codeValue: 'a code', customerId: 'a payer' }));
    expect(error).toMatchObject({ code: 'EXPIRED_CODE', action: 'SHOW_CODE_EXPIRED', scanId: 's-1' });
  });
});

describe('a confirm', () => {
  it('sends what was shown, and nothing that is for people', async () => {
    plays = [json({ ...PAYMENT, status: 'PAID' })];
    await client().confirm(PAYMENT, { proofs: { otp: '123456' }, quoteId: 'q-1' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      payAmount: { currency: 'HKD', value: '8916' },
      quoteId: 'q-1',
      proofs: { otp: '123456' },
    });
  });

  it('is not sent for a payment without an amount', async () => {
    expect(await failure(client().confirm({ paymentId: 'a' }))).toBeInstanceOf(TypeError);
    expect(seen).toHaveLength(0);
  });

  it('that is waited for ends with what the payment became', async () => {
    const debiting = json({ ...PAYMENT, status: 'DEBITING' }, 202, { 'retry-after': '0' });
    plays = [debiting, debiting, json({ ...PAYMENT, status: 'PAID' })];
    const paid = await client().confirmAndWait(PAYMENT);
    expect(paid.status).toBe('PAID');
    expect(seen[1]?.line).toMatch(/^GET \/v1\/payments\/[\w-]+\?waitMs=20000$/);
  });

  it('that is waited for in vain is on its way, not failed', async () => {
    plays = [json({ ...PAYMENT, status: 'DEBITING' }, 202, { 'retry-after': '0' })];
    const settled = await client().confirmAndWait(PAYMENT, { withinMs: 20 });
    expect(settled.status).toBe('DEBITING');
  });
});

describe('the payments of a customer', () => {
  it('are asked for with the filters that are given', async () => {
    plays = [json({ payments: [] })];
    await client().payments({
      customerId: 'a&b',
      status: ['PAID', 'CANCELLED'],
      from: new Date('2026-03-01T08:00:00+08:00'),
      limit: 5,
    });
    expect(seen[0]?.line).toBe(
      'GET /v1/payments?customerId=a%26b&status=PAID%2CCANCELLED&from=2026-03-01T00%3A00%3A00.000Z&limit=5',
    );
  });

  it('are read page by page, as far as they are wanted', async () => {
    const payments = (ids: string[]) => ids.map((paymentId) => ({ ...PAYMENT, paymentId }));
    plays = [
      json({ payments: payments(['1', '2']), nextCursor: 'c-1' }),
      json({ payments: payments(['3']) }),
    ];
    const all: string[] = [];
    for await (const { paymentId } of client().allPayments({})) all.push(paymentId);
    expect(all).toEqual(['1', '2', '3']);
    expect(seen.map(({ line }) => line)).toEqual(['GET /v1/payments', 'GET /v1/payments?cursor=c-1']);
    plays = [json({ payments: payments(['1', '2']), nextCursor: 'c-1' })];
    seen = [];
    for await (const _payment of client().allPayments({})) break;
    expect(seen).toHaveLength(1);
  });
});

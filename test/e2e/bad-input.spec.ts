import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import { ApiClient, type ApiAnswer } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

/** In every code, customer id and wrong token of these tests; so it must appear nowhere in the log. */
const SECRET = `secret-${randomUUID()}`;
const CODE = `twin:S#${SECRET}`;
const CUSTOMER = `c-${SECRET}`;
const BODY_LIMIT_BYTES = 262_144;

let test: TestService;
let richOnly: ApiClient;
beforeAll(async () => {
  test = await startTestService();
  richOnly = new ApiClient(test.url, test.tokens.richOnly);
});
afterAll(() => test.stop());

const state = async () => {
  const [rows] = await ask<{ scans: number; orders: number; debits: number; moves: number }>(
    test.database.url,
    `select (select count(*)::int from scan) as scans, (select count(*)::int from payment_order) as orders,
       (select count(*)::int from debit) as debits, (select count(*)::int from payment_history) as moves`,
  );
  return { ...rows, calls: (await test.books.calls()).length };
};

/** The call is refused with this problem; nothing is stored, called or logged of it. */
async function refused(call: () => Promise<ApiAnswer>, status: number, code: string): Promise<ApiAnswer> {
  const [before, lines] = [await state(), test.log.length];
  const answer = await call();
  expect(answer.body).toMatchObject({
    type: `urn:problem:${code}`,
    title: expect.stringMatching(/\S/),
    status,
    code,
    requestId: expect.stringMatching(/\S/),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await state()).toEqual(before);
  const { requestId } = answer.body;
  await until('the answer is in the log', () =>
    test.log.slice(lines).some((line) => line.includes('http.answered') && line.includes(requestId)),
  );
  const written = test.log.slice(lines).join('\n');
  const secrets = [SECRET, ...Object.values(test.tokens)];
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
  return answer;
}

const postScan = (body: unknown, headers: Record<string, string> = {}) =>
  test.app.send('POST', '/v1/scans', body, headers);

const scanWith = (change: object) => ({ codeValue: CODE, customerId: CUSTOMER, ...change });

describe('a scan with a bad field is refused, naming the field', () => {
  it.each<[string, string, object]>([
    ['a code that is empty', 'codeValue', { codeValue: '' }],
    ['a code of 513 characters', 'codeValue', { codeValue: CODE.padEnd(513, 'x') }],
    ['a code of 513 emoji', 'codeValue', { codeValue: '😀'.repeat(513) }],
    ['a code that is missing', 'codeValue', { codeValue: undefined }],
    ['a code that is null', 'codeValue', { codeValue: null }],
    ['a code that is a number', 'codeValue', { codeValue: 12345 }],
    ['a code that is a list', 'codeValue', { codeValue: [CODE] }],
    ['a code that is an object', 'codeValue', { codeValue: { value: CODE } }],
    ['a code with a NUL', 'codeValue', { codeValue: `${CODE}\u0000` }],
    ['a code with half an emoji', 'codeValue', { codeValue: `${CODE}\ud83d` }],
    ['a customer that is empty', 'customerId', { customerId: '' }],
    ['a customer of 65 characters', 'customerId', { customerId: CUSTOMER.padEnd(65, 'x') }],
    ['a customer that is missing', 'customerId', { customerId: undefined }],
    ['a customer that is true', 'customerId', { customerId: true }],
    ['a customer with a NUL', 'customerId', { customerId: `${CUSTOMER}\u0000` }],
    ['pass-through that is empty', 'passThroughInfo', { passThroughInfo: '' }],
    ['pass-through of 20001 characters', 'passThroughInfo', { passThroughInfo: 'x'.repeat(20_001) }],
    ['pass-through that is an object', 'passThroughInfo', { passThroughInfo: { a: 'b' } }],
    ['an indirect MPP that is a text', 'indirectMpp', { indirectMpp: 'MPP' }],
    ['an indirect MPP without id', 'indirectMpp.indirectMppId', { indirectMpp: {} }],
    [
      'an unknown field inside the indirect MPP',
      'indirectMpp.more',
      { indirectMpp: { indirectMppId: 'M1', more: 'x' } },
    ],
    ['an unknown field', 'amount', { amount: '1' }],
    ['an unknown field with a name of the language', 'constructor', { constructor: 'x' }],
  ])('%s', async (_what, field, change) => {
    const answer = await refused(() => postScan(scanWith(change)), 400, 'INVALID_REQUEST');
    expect(answer.body.errors).toContainEqual({ field, rule: expect.stringMatching(/\S/) });
    expect(answer.text).not.toContain(SECRET);
  });

  it('every bad field is named at once', async () => {
    const body = { codeValue: '', customerId: 7, passThroughInfo: null, extra: 1 };
    const answer = await refused(() => postScan(body), 400, 'INVALID_REQUEST');
    const fields = answer.body.errors.map(({ field }: { field: string }) => field);
    expect(fields.toSorted()).toEqual(['codeValue', 'customerId', 'extra', 'passThroughInfo']);
  });

  it('lengths count characters: 512 emoji are a code, and 64 characters a customer', async () => {
    const codeValue = `twin:S#${randomUUID()}`.padEnd(100, 'x') + '😀'.repeat(412);
    expect(Array.from(codeValue)).toHaveLength(512);
    const answer = await test.app.scan(codeValue, '😀'.repeat(64));
    expect([answer.status, answer.body.status]).toEqual([201, 'DECODED']);
    expect((await test.books.order(codeValue)).customerId).toBe('😀'.repeat(64));
  });
});

describe('a body that is not a JSON object is refused', () => {
  const text = JSON.stringify({ codeValue: CODE, customerId: CUSTOMER });
  const invalid = Buffer.from([...Buffer.from(text.slice(0, -2)), 0xff, 0x22, 0x7d]);

  it.each<[string, string | Buffer, string]>([
    ['broken JSON', text.slice(0, -1), 'MALFORMED_JSON'],
    ['two texts', text + text, 'MALFORMED_JSON'],
    ['a bare word', SECRET, 'MALFORMED_JSON'],
    ['a field named twice', text.replace('{', `{"customerId":"other-${SECRET}",`), 'MALFORMED_JSON'],
    ['bytes that are no UTF-8', invalid, 'MALFORMED_JSON'],
    ['a key that reaches into prototypes', text.replace('{', '{"__proto__":{},'), 'MALFORMED_JSON'],
    ['no body', '', 'INVALID_REQUEST'],
    ['a list', `[${text}]`, 'INVALID_REQUEST'],
    ['null', 'null', 'INVALID_REQUEST'],
    ['a text', JSON.stringify(CODE), 'INVALID_REQUEST'],
    ['a number', '7', 'INVALID_REQUEST'],
  ])('%s', async (_what, body, code) => {
    const answer = await refused(() => postScan(body), 400, code);
    expect(answer.text).not.toContain(SECRET);
  });

  it.each([
    ['text/plain'],
    ['application/xml'],
    ['application/x-www-form-urlencoded'],
    ['application/json; charset=utf-16'],
  ])('%s is not accepted', async (type) => {
    await refused(() => postScan(text, { 'content-type': type }), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('a body over the limit is not read', async () => {
    const large = { codeValue: CODE, customerId: CUSTOMER, passThroughInfo: 'x'.repeat(BODY_LIMIT_BYTES) };
    await refused(() => postScan(large), 413, 'BODY_TOO_LARGE');
  });
});

describe('a confirm with a bad body is refused', () => {
  it.each<[string, unknown]>([
    ['no body', ''],
    ['no amount', {}],
    ['an amount that is a text', { payAmount: '8561' }],
    ['a value that is a number', { payAmount: { currency: 'HKD', value: 8561 } }],
    ['a value with a fraction', { payAmount: { currency: 'HKD', value: '8561.0' } }],
    ['a value of nothing', { payAmount: { currency: 'HKD', value: '0' } }],
    ['a negative value', { payAmount: { currency: 'HKD', value: '-8561' } }],
    ['a value with a leading zero', { payAmount: { currency: 'HKD', value: '08561' } }],
    ['a value of 1001 digits', { payAmount: { currency: 'HKD', value: '9'.repeat(1_001) } }],
    ['a currency nobody has', { payAmount: { currency: 'XQX', value: '8561' } }],
    ['a currency in small letters', { payAmount: { currency: 'hkd', value: '8561' } }],
    ['an empty quote', { payAmount: { currency: 'HKD', value: '8561' }, quoteId: '' }],
    ['an unknown field', { payAmount: { currency: 'HKD', value: '8561' }, force: true }],
  ])('%s', async (_what, body) => {
    const payment = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    const confirm = () => test.app.send('POST', `/v1/payments/${payment.paymentId}/confirm`, body);
    await refused(confirm, 400, 'INVALID_REQUEST');
    expect((await test.app.read(payment.paymentId)).body.status).toBe('AWAITING_CONFIRMATION');
  });

  it.each(['-1', '30001', '1e3', 'soon', ''])('waiting for %j ms is refused', async (waitMs) => {
    const { scanId } = (await test.app.scan(`twin:S#${randomUUID()}`)).body;
    await refused(() => test.app.send('GET', `/v1/scans/${scanId}?waitMs=${waitMs}`), 400, 'INVALID_REQUEST');
  });
});

describe('a page of another site', () => {
  const preflight = {
    origin: 'https://shop.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  const grants = (headers: Headers) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'));

  it('gets no access: its preflight is answered with 405, and no answer allows its browser anything', async () => {
    const asked = await fetch(`${test.url}/v1/scans`, { method: 'OPTIONS', headers: preflight });
    expect({ status: asked.status, allow: asked.headers.get('allow') }).toEqual({
      status: 405,
      allow: 'POST',
    });
    expect(grants(asked.headers)).toEqual([]);
    const { body } = await refused(
      () => postScan(scanWith({ customerId: '' }), { origin: preflight.origin }),
      400,
      'INVALID_REQUEST',
    );
    expect(body.errors).toHaveLength(1);
    expect(grants((await postScan({}, { origin: preflight.origin })).headers)).toEqual([]);
  });
});

describe('a caller without permission is refused', () => {
  const scan = (client: ApiClient) => () => client.scan(CODE, CUSTOMER);

  it('without a token', async () => {
    const answer = await refused(scan(new ApiClient(test.url, undefined)), 401, 'UNAUTHENTICATED');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('with an unknown token', async () => {
    const answer = await refused(scan(new ApiClient(test.url, `t-${SECRET}`)), 401, 'UNAUTHENTICATED');
    expect(answer.text).not.toContain(SECRET);
  });

  it('with another kind of authorization', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}` };
    await refused(() => postScan(scanWith({}), headers), 401, 'UNAUTHENTICATED');
  });

  it('with the scope of an operator', async () => {
    await refused(scan(test.operator), 403, 'FORBIDDEN');
    const id = randomUUID();
    await refused(() => test.operator.read(id), 403, 'FORBIDDEN');
    await refused(() => test.operator.decline(id), 403, 'FORBIDDEN');
    await refused(() => test.app.operations('/payments'), 403, 'FORBIDDEN');
  });

  it('with a token of one customer for another one', async () => {
    const answer = await refused(scan(richOnly), 403, 'FORBIDDEN_CUSTOMER');
    expect(answer.text).not.toContain(SECRET);
    expect((await richOnly.scan(`twin:S#${randomUUID()}`, 'customer-rich')).status).toBe(201);
  });
});

describe('an id that is unknown, malformed or of another customer gives nothing away', () => {
  /** All parts of an answer by which a client could tell two answers apart. */
  const facts = ({ status, headers, body }: ApiAnswer) => ({
    status,
    body: { ...body, requestId: '' },
    headers: [...headers].filter(
      ([name]) => !['date', 'x-request-id', 'content-length', 'ratelimit'].includes(name),
    ),
  });

  it.each<[string, string, (id: string) => [string, string, unknown?]]>([
    ['reading a scan', 'scan', (id) => ['GET', `/v1/scans/${id}`]],
    ['waiting for a scan', 'scan', (id) => ['GET', `/v1/scans/${id}?waitMs=10`]],
    ['reading a payment', 'payment', (id) => ['GET', `/v1/payments/${id}`]],
    ['declining a payment', 'payment', (id) => ['POST', `/v1/payments/${id}/decline`]],
    [
      'confirming a payment',
      'payment',
      (id) => ['POST', `/v1/payments/${id}/confirm`, { payAmount: { currency: 'HKD', value: '8561' } }],
    ],
  ])('%s is answered the same for all of them', async (_what, kind, requestFor) => {
    const foreign = (await test.app.scan(`twin:S#${randomUUID()}`, CUSTOMER)).body;
    const foreignId = kind === 'scan' ? foreign.scanId : foreign.payment.paymentId;
    const ids = [foreignId, randomUUID(), 'not-an-id', `${foreignId}0`, "x'--"];
    const answers = [];
    for (const id of ids) {
      const [method, path, body] = requestFor(encodeURIComponent(id));
      answers.push(await refused(() => richOnly.send(method, path, body), 404, 'NOT_FOUND'));
    }
    const [first, ...others] = answers.map(facts);
    for (const other of others) expect(other).toEqual(first);
    expect((await test.app.read(foreign.payment.paymentId)).body.status).toBe('AWAITING_CONFIRMATION');
  });
});

import { randomUUID } from 'node:crypto';
import type { PaymentOrder } from '../../src/payment-order/order/payment-order.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import { mixedPayments } from '../support/operations/mixed-payments.js';
import type { ApiAnswer, Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

const CODE = `twin:S#secret-${randomUUID()}`;
const REFUSED_CODE = `twin:F.EXPIRED_CODE#secret-${randomUUID()}`;

let test: TestService;
let stores: OpenedStores;
let made: readonly PaymentOrder[];
/** A payment from a scan over HTTP, and a scan that was refused. */
let scanned: Json;
let refused: Json;

beforeAll(async () => {
  test = await startTestService({ environment: { ROLE: 'api' } });
  stores = await OpenedStores.on(test.database);
  made = await mixedPayments(stores, 12, new Date('2026-03-01T00:00:00Z'));
  scanned = await test.app.decodedPayment(CODE);
  await test.app.scan(REFUSED_CODE);
  [refused] = await listed('scans', { status: 'REJECTED' });
});
afterAll(async () => {
  await stores.close();
  await test.stop();
});

const ask = (path: string, query: Record<string, string>): Promise<ApiAnswer> =>
  test.operator.operations(`/${path}?${new URLSearchParams(query).toString()}`);

async function listed(path: string, query: Record<string, string>): Promise<Json[]> {
  const answer = await ask(path, query);
  expect(answer.status).toBe(200);
  return answer.body[path];
}

describe('the search box', () => {
  const scanOf = async (): Promise<Json> => (await listed('scans', { paymentId: scanned.paymentId }))[0];

  it.each<[string, () => Promise<string> | string]>([
    ['paymentId', () => scanned.paymentId],
    ['paymentRequestId', () => scanned.paymentRequestId],
    ['scanId', async () => (await scanOf()).scanId],
    ['codeValue', () => CODE],
    ['codeValue', () => `  ${CODE}\n`],
    ['paymentId', () => `"paymentId": "${scanned.paymentId}",`],
    ['paymentRequestId', () => `paid\t${scanned.paymentRequestId}\t1000 JPY`],
  ])('recognises a %s and finds its payment and scan, whatever the time range', async (kind, idOf) => {
    const q = await idOf();
    const answer = await ask('payments', { q, from: '1999-01-01T00:00:00Z', to: '1999-01-02T00:00:00Z' });
    expect(answer.body).toMatchObject({
      payments: [{ paymentId: scanned.paymentId }],
      total: { value: 1, isEstimate: false },
      recognisedAs: [kind],
    });
    expect(await listed('scans', { q })).toEqual([await scanOf()]);
  });

  it('recognises a customer, page by page', async () => {
    const [payment] = made;
    const first = await ask('payments', { q: payment?.customerId ?? '', limit: '2' });
    expect(first.body.recognisedAs).toEqual(['customerId']);
    const second = await ask('payments', {
      q: payment?.customerId ?? '',
      limit: '2',
      cursor: first.body.nextCursor,
    });
    const ids = [...first.body.payments, ...second.body.payments].map((row: Json) => row.paymentId);
    const own = made.filter(({ customerId }) => customerId === payment?.customerId);
    expect(ids).toEqual(own.map(({ paymentId }) => paymentId).toReversed());
  });

  it('recognises the order id of a merchant, and narrows it by the other filters', async () => {
    const own = made.filter(({ content }) => content.referenceOrderId === 'order-1');
    const answer = await ask('payments', { q: 'order-1' });
    expect(answer.body.recognisedAs).toEqual(['referenceOrderId']);
    expect(answer.body.payments).toHaveLength(own.length);
    const paid = own.filter(({ status }) => status === 'PAID');
    expect(await listed('payments', { q: 'order-1', status: 'PAID' })).toHaveLength(paid.length);
    expect(await listed('scans', { q: 'order-1' })).toHaveLength(own.length);
    const notified = own.filter(({ result }) => result !== undefined);
    expect(await listed('notifications', { q: 'order-1' })).toHaveLength(notified.length);
  });

  it('finds the code of a scan that led to no payment', async () => {
    const payments = await ask('payments', { q: REFUSED_CODE });
    expect(payments.body).toMatchObject({ payments: [], recognisedAs: ['codeValue'] });
    expect(await listed('scans', { q: REFUSED_CODE })).toEqual([refused]);
    expect(refused).toMatchObject({ status: 'REJECTED', resultCode: 'EXPIRED_CODE', tries: 1 });
  });

  it.each([randomUUID(), 'nobody', 'https://qr.example/nobody', "' or 1=1 --", '<b>x</b>'])(
    'finds nothing for %s, and says that nobody knows it',
    async (q) => {
      for (const path of ['payments', 'scans', 'notifications']) {
        const answer = await ask(path, { q });
        expect(answer.body).toEqual({
          [path]: [],
          total: { value: 0, isEstimate: false },
          recognisedAs: [],
        });
      }
    },
  );

  it('leaves no trace of the searched text in the log', async () => {
    const before = test.log.length;
    const answer = await ask('payments', { q: CODE, from: 'nonsense' });
    expect(answer.status).toBe(400);
    await ask('scans', { q: CODE });
    await until('both are in the log', () => test.log.length >= before + 2);
    expect(test.log.filter((line) => line.includes('secret-') || line.includes('nonsense'))).toEqual([]);
  });
});

describe('the lists of scans and notifications', () => {
  it.each<[string, Record<string, string>, (row: Json) => boolean]>([
    ['scans', {}, () => true],
    ['scans', { status: 'DECODED' }, (row) => row.status === 'DECODED'],
    ['scans', { status: 'REJECTED', resultCode: 'EXPIRED_CODE' }, (row) => row.resultCode === 'EXPIRED_CODE'],
    ['scans', { resultCode: 'OTHER' }, () => false],
    ['scans', { customerId: 'payer-1' }, (row) => row.customerId === 'payer-1'],
    ['scans', { to: '2026-03-01T05:00:00Z' }, (row) => row.createdAt < '2026-03-01T05'],
    ['notifications', {}, () => true],
    ['notifications', { status: 'PENDING' }, (row) => row.status === 'PENDING'],
    ['notifications', { status: 'DELIVERED' }, () => false],
    ['notifications', { customerId: 'payer-1' }, (row) => row.customerId === 'payer-1'],
    ['notifications', { from: '2026-03-01T05:00:00Z' }, (row) => row.createdAt >= '2026-03-01T05'],
  ])('%s by %j', async (path, query, fits) => {
    const all = await listed(path, { limit: '200' });
    const expected = all.filter(fits);
    expect(await listed(path, { ...query, limit: '200' })).toEqual(expected);
    expect(await listed(path, { ...query, limit: '200', sort: 'createdAt' })).toEqual(expected.toReversed());
    const first = await ask(path, { ...query, limit: '2' });
    if (first.body.nextCursor === undefined) return;
    const second = await ask(path, { ...query, limit: '2', cursor: first.body.nextCursor });
    expect(second.body[path]).toEqual(expected.slice(2, 4));
    const back = await ask(path, { ...query, limit: '2', cursor: second.body.prevCursor });
    expect(back.body[path]).toEqual(expected.slice(0, 2));
  });

  it('find the one of an id, and nothing for an unknown id', async () => {
    const paid = made.find(({ status }) => status === 'PAID');
    const { paymentId = '', paymentRequestId = '' } = paid ?? {};
    expect(await listed('notifications', { paymentId })).toMatchObject([{ paymentId, status: 'PENDING' }]);
    expect(await listed('notifications', { paymentRequestId })).toMatchObject([{ paymentId }]);
    expect(await listed('scans', { scanId: refused.scanId })).toEqual([refused]);
    for (const query of [{ scanId: randomUUID() }, { paymentId: randomUUID() }])
      expect(await listed('scans', query)).toEqual([]);
    expect((await test.operator.operations(`/payments/${randomUUID()}`)).status).toBe(404);
  });
});

describe('a search that breaks a rule is refused, naming the field', () => {
  const forged = (key: string): string =>
    Buffer.from(JSON.stringify([1, 'AAAAAAAAAAAA', 'next', key, randomUUID()])).toString('base64url');

  it.each<[string, Record<string, string>, string]>([
    ['payments', { paymentId: '1' }, 'paymentId'],
    ['payments', { status: 'PAYED' }, 'status'],
    ['payments', { notificationStatus: 'LOST' }, 'notificationStatus'],
    ['payments', { currency: 'hkd' }, 'currency'],
    ['payments', { currency: 'ZZZ' }, 'currency'],
    ['payments', { amountMin: '1' }, 'currency'],
    ['payments', { sort: 'amount' }, 'currency'],
    ['payments', { currency: 'HKD', amountMin: '1.5' }, 'amountMin'],
    ['payments', { currency: 'HKD', amountMin: '-1' }, 'amountMin'],
    ['payments', { currency: 'HKD', amountMax: '9'.repeat(31) }, 'amountMax'],
    ['payments', { currency: 'HKD', amountMin: '10', amountMax: '9' }, 'amountMax'],
    ['payments', { sort: 'status' }, 'sort'],
    ['payments', { limit: '0' }, 'limit'],
    ['payments', { limit: '201' }, 'limit'],
    ['payments', { cursor: 'nonsense-nonsense' }, 'cursor'],
    ['payments', { cursor: forged('2026-02-31T12:00:00.123456Z') }, 'cursor'],
    ['payments', { cursor: forged('2026-02-01T12:00:00.123456Z') }, 'cursor'],
    ['payments', { from: '2026-03-01' }, 'from'],
    ['payments', { from: '2026-03-01', zone: 'Moon/Base' }, 'zone'],
    ['payments', { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, 'to'],
    ['payments', { merchant: '' }, 'merchant'],
    ['payments', { merchant: 'a\u0000' }, 'merchant'],
    ['payments', { q: ' ' }, 'q'],
    ['payments', { q: 'x'.repeat(513) }, 'q'],
    ['payments', { nonsense: '1' }, 'nonsense'],
    ['scans', { status: 'PAID' }, 'status'],
    ['scans', { scanId: 'x' }, 'scanId'],
    ['scans', { sort: 'amount' }, 'sort'],
    ['scans', { cursor: forged('2026-02-01T12:00:00.123456Z') }, 'cursor'],
    ['scans', { from: '2026-03-01', zone: '+08:00' }, 'zone'],
    ['scans', { from: '2026-03-02T00:00:00Z', to: '2026-03-02T08:00:00+08:00' }, 'to'],
    ['scans', { merchant: 'Blue' }, 'merchant'],
    ['notifications', { status: 'NONE' }, 'status'],
    ['notifications', { to: 'tomorrow' }, 'to'],
    ['notifications', { from: '2026-02-30T00:00:00Z' }, 'from'],
    ['notifications', { zone: 'Mars/Olympus' }, 'zone'],
    ['notifications', { cursor: forged('2026-02-01T12:00:00.123456Z') }, 'cursor'],
    ['notifications', { paymentId: "' or 1=1 --" }, 'paymentId'],
  ])('%s by %j', async (path, query, field) => {
    const answer = await ask(path, query);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'INVALID_REQUEST', status: 400 });
    expect(answer.body.errors.map((fault: Json) => fault.field)).toContain(field);
  });

  it.each([
    ['status=PAID&status=FAILED', 'status'],
    ['status[]=PAID', 'status[]'],
    ['q=a&q=b', 'q'],
    ['__proto__=x', '__proto__'],
  ])('payments by the address ?%s', async (query, field) => {
    const answer = await test.operator.operations(`/payments?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('a cursor is valid only for its own search', async () => {
    const { body } = await ask('payments', { limit: '1' });
    const others: [string, Record<string, string>][] = [
      ['payments', { status: 'PAID' }],
      ['payments', { sort: 'createdAt' }],
      ['payments', { q: 'payer-1' }],
      ['scans', {}],
    ];
    for (const [path, query] of others) {
      const answer = await ask(path, { ...query, cursor: body.nextCursor });
      expect(answer.body.errors).toEqual([{ field: 'cursor', rule: expect.any(String) }]);
    }
    expect((await ask('payments', { limit: '7', cursor: body.nextCursor })).status).toBe(200);
  });

  it('a wallet app may not search', async () => {
    for (const path of ['payments', 'scans', 'notifications'])
      expect((await test.app.operations(`/${path}`)).status).toBe(403);
  });
});

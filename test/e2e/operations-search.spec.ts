import type { PaymentOrder } from '../../src/payment-order/order/payment-order.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import { MERCHANTS, mixedPayments } from '../support/operations/mixed-payments.js';
import type { ApiAnswer, Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

const COUNT = 42;
const FIRST = new Date('2026-03-01T00:00:00.000Z');

let test: TestService;
let stores: OpenedStores;
let made: readonly PaymentOrder[];
/** All payments, newest first, as the service lists them. */
let all: Json[];

beforeAll(async () => {
  test = await startTestService({ environment: { ROLE: 'api' } });
  stores = await OpenedStores.on(test.database);
  made = await mixedPayments(stores, COUNT, FIRST);
  all = (await search({ limit: '200' })).payments;
});
afterAll(async () => {
  await stores.close();
  await test.stop();
});

const ask = (path: string, query: Record<string, string>): Promise<ApiAnswer> =>
  test.operator.operations(`/${path}?${new URLSearchParams(query).toString()}`);

async function search(query: Record<string, string>, path = 'payments'): Promise<Json> {
  const answer = await ask(path, query);
  expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: expect.any(String) });
  return answer.body;
}

/** All pages in one direction. */
async function walk(query: Record<string, string>, path = 'payments'): Promise<Json[][]> {
  const pages: Json[][] = [];
  let cursor: string | undefined;
  do {
    const page = await search({ ...query, ...(cursor === undefined ? {} : { cursor }) }, path);
    pages.push(page[path]);
    cursor = page.nextCursor;
  } while (cursor !== undefined && pages.length < 100);
  return pages;
}

const idsOf = (rows: readonly Json[]): string[] => rows.map((row) => row.paymentId);

describe('the list of payments', () => {
  it('shows every payment, newest first, with the fields that an operator needs', () => {
    expect(idsOf(all)).toEqual(made.map(({ paymentId }) => paymentId).toReversed());
    const paid = all.find((row) => row.status === 'PAID');
    expect(paid).toEqual({
      paymentId: expect.any(String),
      paymentRequestId: expect.any(String),
      referenceOrderId: expect.any(String),
      customerId: expect.any(String),
      acquirerId: expect.any(String),
      pspId: expect.any(String),
      merchantId: expect.any(String),
      merchantName: expect.any(String),
      status: 'PAID',
      resultCode: 'SUCCESS',
      payAmount: { currency: expect.any(String), value: expect.any(String), display: expect.any(String) },
      paymentAmount: { currency: 'JPY', value: '1000', display: expect.any(String) },
      notificationStatus: 'PENDING',
      createdAt: expect.any(String),
      finishedAt: expect.any(String),
    });
  });

  const startsBlue = ({ merchantId, merchantName }: Json) =>
    merchantId === 'Blue' || /^blue/i.test(merchantName);
  const amountIn = (low: number, high: number) => (row: Json) =>
    Number(row.payAmount?.value) >= low && Number(row.payAmount?.value) <= high;

  it.each<[Record<string, string>, (row: Json) => boolean]>([
    [{ customerId: 'payer-1' }, (row) => row.customerId === 'payer-1'],
    [{ referenceOrderId: 'order-3' }, (row) => row.referenceOrderId === 'order-3'],
    [{ acquirerId: 'acquirer-1' }, (row) => row.acquirerId === 'acquirer-1'],
    [{ status: 'PAID' }, (row) => row.status === 'PAID'],
    [{ status: 'HELD' }, (row) => row.status === 'HELD'],
    [{ status: 'EXPIRED' }, () => false],
    [{ notificationStatus: 'PENDING' }, (row) => row.notificationStatus === 'PENDING'],
    [{ notificationStatus: 'PARKED' }, () => false],
    [{ notificationStatus: 'DELIVERED' }, () => false],
    [{ notificationStatus: 'NONE' }, (row) => row.notificationStatus === undefined],
    [{ merchant: 'Blue' }, startsBlue],
    [{ merchant: 'BLUE COFFEE' }, ({ merchantName }) => /^blue coffee/i.test(merchantName)],
    [{ merchant: 'M-2' }, ({ merchantId }) => merchantId === 'M-2'],
    [{ merchant: 'bakery 100%_' }, ({ merchantId }) => merchantId === 'M-3'],
    [{ merchant: 'bakery 1%' }, () => false],
    [{ merchant: '_' }, () => false],
    [{ merchant: MERCHANTS[4].merchantName }, ({ merchantId }) => merchantId === 'M-5'],
    [{ merchant: 'Blue', customerId: 'payer-2' }, (row) => startsBlue(row) && row.customerId === 'payer-2'],
    [
      { merchant: 'Blue', status: 'PAID', currency: 'USD' },
      (row) => startsBlue(row) && row.status === 'PAID' && row.payAmount.currency === 'USD',
    ],
    [{ currency: 'JPY' }, (row) => row.payAmount.currency === 'JPY'],
    [
      { currency: 'JPY', amountMin: '120' },
      (row) => row.payAmount.currency === 'JPY' && amountIn(120, 999)(row),
    ],
    [
      { currency: 'HKD', amountMin: '110', amountMax: '130' },
      (row) => row.payAmount.currency === 'HKD' && amountIn(110, 130)(row),
    ],
    [{ currency: 'HKD', amountMax: '9'.repeat(30) }, (row) => row.payAmount.currency === 'HKD'],
    [{ currency: 'HKD', amountMin: '9'.repeat(30) }, () => false],
    [{ from: '2026-03-02T00:00:00Z' }, (row) => row.createdAt >= '2026-03-02'],
    [
      { from: '2026-03-01T02:00:00Z', to: '2026-03-01T05:00:00Z' },
      (row) => row.createdAt >= '2026-03-01T02' && row.createdAt < '2026-03-01T05',
    ],
    [{ to: '2026-03-01T12:00:00', zone: 'Asia/Shanghai' }, (row) => row.createdAt < '2026-03-01T04'],
    [
      { status: 'PAID', acquirerId: 'acquirer-1', currency: 'JPY', from: '2026-03-01T06:00:00Z' },
      (row) =>
        row.status === 'PAID' &&
        row.acquirerId === 'acquirer-1' &&
        row.payAmount.currency === 'JPY' &&
        row.createdAt >= '2026-03-01T06',
    ],
    [
      { notificationStatus: 'PENDING', status: 'DECLINED', customerId: 'payer-0' },
      (row) => row.status === 'DECLINED' && row.customerId === 'payer-0',
    ],
  ])('filtered by %j has exactly the matching payments, and counts them', async (query, fits) => {
    const expected = idsOf(all.filter(fits));
    const page = await search({ ...query, limit: '200' });
    expect(idsOf(page.payments)).toEqual(expected);
    expect(page.total).toEqual({ value: expected.length, isEstimate: false });
    expect(idsOf((await walk({ ...query, limit: '3' })).flat())).toEqual(expected);
    const oldestFirst = await search({ ...query, sort: 'createdAt', limit: '200' });
    expect(idsOf(oldestFirst.payments)).toEqual(expected.toReversed());
  });

  it.each(['amount', '-amount'])('is sorted by %s within a currency, page by page', async (sort) => {
    const pages = await walk({ currency: 'JPY', sort, limit: '4' });
    const values = pages.flat().map((row) => Number(row.payAmount.value));
    const sorted = values.toSorted((a, b) => (sort === 'amount' ? a - b : b - a));
    expect(values).toEqual(sorted);
    expect(idsOf(pages.flat()).toSorted()).toEqual(
      idsOf(all.filter((row) => row.payAmount.currency === 'JPY')).toSorted(),
    );
  });

  it.each<Record<string, string>>([
    {},
    { merchant: 'Blue' },
    { currency: 'HKD', sort: '-amount' },
    { acquirerId: 'acquirer-0', sort: 'createdAt' },
    { notificationStatus: 'PENDING' },
  ])('can be paged back the same way: %j', async (query) => {
    const forward = await walk({ ...query, limit: '5' });
    let page = await search({ ...query, limit: '5' });
    expect(page.prevCursor).toBeUndefined();
    while (page.nextCursor !== undefined)
      page = await search({ ...query, limit: '5', cursor: page.nextCursor });
    const backward = [page.payments];
    while (page.prevCursor !== undefined) {
      page = await search({ ...query, limit: '5', cursor: page.prevCursor });
      backward.unshift(page.payments);
    }
    expect(idsOf(backward.flat())).toEqual(idsOf(forward.flat()));
    expect(page.nextCursor).toBeDefined();
  });

  it('gives an approximate number when there is more than one page', async () => {
    const { total } = await search({ limit: '1' });
    expect(total).toEqual({ value: expect.any(Number), isEstimate: true });
    expect(total.value).toBeGreaterThanOrEqual(2);
  });

  it('neither repeats nor leaves out a payment while others arrive', async () => {
    const first = await search({ limit: '10' });
    const [late] = await mixedPayments(stores, 1, new Date('2027-01-01T00:00:00Z'));
    const second = await search({ limit: '10', cursor: first.nextCursor });
    expect(idsOf([...first.payments, ...second.payments])).toEqual(idsOf(all.slice(0, 20)));
    const back = await search({ limit: '10', cursor: second.prevCursor });
    expect(idsOf(back.payments)).toEqual(idsOf(all.slice(0, 10)));
    const newest = await search({ limit: '10', cursor: back.prevCursor });
    expect(idsOf(newest.payments)).toEqual([late?.paymentId]);
  });
});

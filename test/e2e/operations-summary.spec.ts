import { aPendingScan, evidence } from '../support/builders/a-scan.js';
import { aDecodedOrder, anOrder, type OrderBuilder } from '../support/builders/an-order.js';
import { ConsoleClient } from '../support/browser/console-client.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

/** The database's clock is set to this whenever the summary is read. */
const NOW = Date.parse('2026-03-02T12:00:00.000Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** More than a JavaScript number can hold. */
const HUGE = 123_456_789_012_345_678_901_234_567_890n;

let test: TestService;
let stores: OpenedStores;
let summary: Json;
/** Money in doubt that the last test settles. */
let doubted: Awaited<ReturnType<OrderBuilder['inDoubt']>>;

const ago = (ms: number): Promise<void> => stores.freezeClock(new Date(NOW - ms));
const paying = (currency: string, value: bigint): OrderBuilder =>
  anOrder(stores).with({ payAmount: { currency, value }, expiresAt: new Date(NOW + HOUR_MS) });

async function recorded(paymentId: string, status: 'DELIVERED' | 'REJECTED'): Promise<void> {
  await stores.notifications.record(paymentId, evidence(), { status, requestedBy: 'schedule' });
}

async function heldWithoutAmounts(): Promise<void> {
  const { paymentAmount, payToAmount, payAmount, ...rest } = aDecodedOrder({ heldReason: 'NOT_PAYABLE' });
  await stores.decodedOrders.accept((await aPendingScan(stores)).scanId, evidence(), rest, HOUR_MS);
}

/** The last two days: most went well, and there is something of each doubt. */
async function twoDays(): Promise<void> {
  await ago(48 * HOUR_MS);
  await recorded((await paying('HKD', 1n).paid()).paymentId, 'DELIVERED');
  await ago(5 * HOUR_MS);
  await stores.notifications.park((await paying('HKD', 500n).paid()).paymentId, 'not_acknowledged_in_time');
  await stores.scans.reject(
    (await aPendingScan(stores)).scanId,
    evidence({ outcome: 'rejected' }),
    'EXPIRED_CODE',
  );
  await ago(30 * MINUTE_MS);
  const slow = await paying('HKD', 70n).confirmed(MINUTE_MS);
  await ago(30 * MINUTE_MS - 1_500);
  await stores.debits.debited(slow, 'ledger-1', '2026-03-02T11:30:01Z');
  await ago(30 * MINUTE_MS - 2_200);
  await recorded(slow.order.paymentId, 'DELIVERED');
  await ago(20 * MINUTE_MS);
  await paying('JPY', HUGE).paid();
  await paying('JPY', HUGE).paid();
  await ago(10 * MINUTE_MS);
  const { paymentRequestId, paymentId } = await paying('USD', 9n).paid();
  await recorded(paymentId, 'DELIVERED');
  await ago(9 * MINUTE_MS);
  await stores.cancels.cancel({ paymentRequestId });
  doubted = await paying('HKD', 30n).inDoubt();
  await recorded((await paying('HKD', 4n).declined()).paymentId, 'REJECTED');
  await ago(8 * MINUTE_MS);
  await paying('HKD', 5n).held().decoded();
  await heldWithoutAmounts();
  await ago(7 * MINUTE_MS);
  await paying('HKD', 12n).confirmed();
  await unknownTwice();
  await ago(0);
  await paying('HKD', 1_000n).confirmed();
}

async function unknownTwice(): Promise<void> {
  const { scanId } = await aPendingScan(stores, { windowMs: 1_000 });
  for (const reason of ['timeout', 'unsigned']) {
    const unknown = evidence({ outcome: 'unknown', reason });
    await stores.scans.postpone(scanId, unknown, { delayMs: 0, counts: true });
  }
  await ago(6 * MINUTE_MS);
  await stores.scans.giveUp(scanId);
}

const read = async (query = ''): Promise<Json> => {
  const answer = await test.operator.operations(`/summary${query}`);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body;
};

beforeAll(async () => {
  test = await startTestService({ environment: { ROLE: 'api' } });
  stores = await OpenedStores.on(test.database);
  await twoDays();
  summary = await read('?zone=Asia/Kathmandu');
});
afterAll(async () => {
  await stores.close();
  await test.stop();
});

const at = (minutes: number): string => new Date(NOW - minutes * MINUTE_MS).toISOString();

describe('the summary', () => {
  it('adds up the sums in doubt by currency, to the last digit, with the age of the oldest', () => {
    const doubts = summary.doubts.map(({ doubt, count, sum, oldestAt }: Json) => [
      doubt,
      sum?.currency,
      sum?.value,
      count,
      oldestAt,
    ]);
    expect(doubts).toEqual([
      ['DEBITED_NOT_ACKNOWLEDGED', 'HKD', '500', 1, at(300)],
      ['DEBITED_NOT_ACKNOWLEDGED', 'JPY', String(2n * HUGE), 2, at(20)],
      ['CANCELLED_NOT_REVERSED', 'USD', '9', 1, at(9)],
      ['DEBIT_IN_DOUBT', 'HKD', '42', 2, at(9)],
      ['PARKED', 'HKD', '500', 1, at(300)],
      ['REJECTED', 'HKD', '4', 1, at(9)],
      ['HELD', undefined, undefined, 1, at(8)],
      ['HELD', 'HKD', '5', 1, at(8)],
    ]);
    expect(summary.doubts[0]).toMatchObject({ oldestAgeMs: 5 * HOUR_MS, sum: { display: 'HK$5.00' } });
  });

  it('has the last hour and the last day, each by its beginnings', () => {
    const { lastHour, lastDay } = summary;
    expect([lastHour.since, lastDay.since]).toEqual([at(60), at(24 * 60)]);
    expect(lastHour.scans).toEqual({
      begun: 11,
      perMinute: 0.1833,
      decoded: 10,
      rejected: 0,
      givenUp: 1,
      pending: 0,
      successRate: 0.9091,
      latencyMs: { count: 10, p50: 0, p95: 0, p99: 0 },
    });
    expect(lastDay.scans).toMatchObject({ begun: 13, decoded: 11, rejected: 1, successRate: 0.8462 });
    expect(lastHour.payments).toEqual({
      confirmed: 7,
      perMinute: 0.0667,
      paid: 4,
      refused: 0,
      unsettled: 3,
      latencyMs: { count: 3, p50: 0, p95: 1_350, p99: 1_470 },
    });
    expect(lastDay.payments).toMatchObject({ confirmed: 8, paid: 5 });
    expect(lastHour.results).toMatchObject({ final: 5, acknowledged: 2, latencyMs: { count: 2, p50: 350 } });
    expect(lastDay.results).toMatchObject({ final: 6, acknowledged: 2 });
  });

  it('has the number of calls to Alipay+ without an answer, and the reasons', () => {
    expect(summary.lastHour.questions).toEqual({
      asked: 12,
      unknown: 2,
      unknownRate: 0.1667,
      unknownReasons: [
        { reason: 'timeout', count: 1 },
        { reason: 'unsigned', count: 1 },
      ],
    });
    expect(summary.lastDay.questions).toMatchObject({ asked: 14, unknown: 2, unknownRate: 0.1429 });
  });

  it('gives every time on three clocks', () => {
    expect(summary).toMatchObject({
      at: '2026-03-02T12:00:00.000Z',
      atUtc8: '2026-03-02T20:00:00.000+08:00',
      atLocal: '2026-03-02T17:45:00.000+05:45',
      lastDay: { at: '2026-03-02T12:00:00.000Z', sinceLocal: '2026-03-01T17:45:00.000+05:45' },
    });
    expect(summary.doubts[0].oldestAtLocal).toMatch(/\+05:45$/);
  });

  it('is the same as on the console', async () => {
    const client = new ConsoleClient(test.url);
    await client.signIn(test.tokens.operator);
    const { text } = await client.get('/console/in-doubt');
    const read = text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(read).toContain('Paid, not acknowledged HK$5.00 1 · oldest');
    expect([...text.matchAll(/class="sum"/g)]).toHaveLength(summary.doubts.length);
  });

  it('drops a doubt that is settled', async () => {
    await stores.debits.debited(doubted, 'ledger-1', '2026-03-02T12:00:00Z');
    const doubts = await until('the money is no longer in doubt', async () => {
      const body = await read();
      const left = body.doubts.find(({ doubt }: Json) => doubt === 'DEBIT_IN_DOUBT');
      return left.count === 1 && body.doubts;
    });
    expect(doubts[0]).toMatchObject({ doubt: 'DEBITED_NOT_ACKNOWLEDGED', sum: { value: '530' }, count: 2 });
  });

  it.each([
    ['?zone=Mars/Olympus', 'zone'],
    ['?zone=%2B08:00', 'zone'],
    [`?zone=${encodeURIComponent("UTC'; select 1")}`, 'zone'],
    ['?from=2026-03-01T00:00:00Z', 'from'],
  ])('refuses %s and names the field', async (query, field) => {
    const answer = await test.operator.operations(`/summary${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', errors: [{ field }] } });
  });

  it('is for operators only', async () => {
    expect((await test.app.operations('/summary')).status).toBe(403);
  });
});

describe('the summary of a service without payments', () => {
  it('has no doubts, no rates and no percentiles', async () => {
    const empty = await startTestService({ environment: { ROLE: 'api' } });
    try {
      const { body } = await empty.operator.operations('/summary');
      expect(body).toMatchObject({ doubts: [], lastHour: { scans: { begun: 0, latencyMs: { count: 0 } } } });
      expect(JSON.stringify(body)).not.toMatch(/Rate|p50/);
    } finally {
      await empty.stop();
    }
  });
});

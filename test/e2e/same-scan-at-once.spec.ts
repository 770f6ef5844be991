import { ask } from '../support/database/ask.js';
import type { ApiAnswer } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { disagreements } from '../support/service/three-books.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

const AT_ONCE = 200;

const atOnce = <T>(call: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, () => call()));

const distinct = (values: readonly unknown[]): number => new Set(values).size;

describe('one customer scans and confirms the same code many times at once', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());

  const count = async (table: string, where = 'true') => {
    const [row] = await ask<{ count: number }>(
      test.database.url,
      `select count(*)::int as count from ${table} where ${where}`,
    );
    return row?.count;
  };

  it('failures 1: 200 scans make one call, one scan and one order; 200 confirms make one debit and one notification', async () => {
    const code = 'twin:S;slow=700ms#at-once';
    const scans = await atOnce(() => test.app.scan(code));
    expect(scans.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(201));
    expect(distinct(scans.map(({ body }) => body.scanId))).toBe(1);
    expect(distinct(scans.map(({ body }) => body.payment.paymentId))).toBe(1);
    expect(await test.books.order(code)).toMatchObject({ calls: 1, maxInFlight: 1 });
    expect(await count('scan')).toBe(1);
    expect(await count('payment_order')).toBe(1);

    const { payment } = scans[0]?.body ?? {};
    const confirms = await atOnce(() => test.app.confirm(payment));
    expect(distinct(confirms.map(({ body }) => body.paymentId))).toBe(1);
    expect(confirms.filter((answer) => !saysPaidOrDebiting(answer))).toEqual([]);
    expect((await test.app.confirm(payment)).body).toMatchObject({ status: 'PAID' });

    const seen = await untilNotified(test.operator, payment.paymentId);
    expect(seen.debits).toHaveLength(1);
    expect(await count('debit')).toBe(1);
    expect(await count('ledger_movement', `kind = 'DEBIT'`)).toBe(1);
    expect(await test.books.order(code)).toMatchObject({ acknowledgedResult: 'S', notificationCount: 1 });
    expect(await disagreements(test)).toEqual([]);
  });

  it('failures 1: a code that needs several attempts is still decoded by one call at a time', async () => {
    const code = 'twin:U,U,U,S;slow=100ms@*#unknown-at-once';
    const scans = await atOnce(() => test.app.scan(code));
    expect(distinct(scans.map(({ body }) => body.scanId))).toBe(1);
    const decoded = await test.app.readScan(scans[0]?.body.scanId, 20_000);
    expect(decoded.body.status).toBe('DECODED');
    expect(await test.books.order(code)).toMatchObject({ calls: 4, maxInFlight: 1 });
  });
});

function saysPaidOrDebiting({ status, body }: ApiAnswer): boolean {
  if (status === 200) return body.status === 'PAID';
  return status === 202 && body.status === 'DEBITING';
}

import { parse } from 'csv-parse/sync';
import { seedOperations } from '../../scripts/seed-operations/seed-operations.js';
import { ask } from '../support/database/ask.js';
import { createTestDatabase } from '../support/database/test-database.js';
import type { ApiAnswer, Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(240_000);

const ORDERS = 6_000;
/** Fewer than all, and many more than those of one status, whose number is random. */
const LIMIT = ORDERS - 100;
/** All together they are more than the buffers between the database and a reader hold. */
const LONG_ID = 'x'.repeat(8_192);

let test: TestService;

beforeAll(async () => {
  const database = await createTestDatabase({ empty: true });
  await seedOperations({ url: database.url, orders: ORDERS, tell: () => undefined });
  await makeLong(database.url);
  test = await startTestService({
    database,
    environment: { ROLE: 'api', EXPORT_MAX_ROWS: String(LIMIT) },
  });
});
afterAll(async () => {
  await test.stop();
  await test.database.drop();
});

/** The triggers do not apply to a payment that never existed. */
const makeLong = async (url: string): Promise<void> => {
  await ask(
    url,
    `do $$ begin
    set local session_replication_role = replica;
    update payment_order set psp_id = '${LONG_ID}' where status = 'PAID';
  end $$`,
  );
};

const path = (query: Record<string, string>): string =>
  `/payments.csv?${new URLSearchParams(query).toString()}`;
const download = (query: Record<string, string>): Promise<ApiAnswer> => test.operator.operations(path(query));

/** Sessions of searches and exports that are still busy. */
const busySessions = () =>
  ask<{ state: string; query: string }>(
    test.database.url,
    `select state, query from pg_stat_activity
     where datname = current_database() and application_name = 'reading' and state <> 'idle'`,
  );

/** Begins an export and reads only its first bytes. */
async function begun(
  query: Record<string, string>,
): Promise<{ leave: () => Promise<void>; lines: () => Promise<number> }> {
  const leaving = new AbortController();
  const response = await fetch(`${test.url}/v1/operations${path(query)}`, {
    headers: { authorization: `Bearer ${test.tokens.operator}` },
    signal: leaving.signal,
  });
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  return {
    leave: async () => {
      leaving.abort();
      await reader?.closed.catch(() => undefined);
    },
    lines: async () => {
      const countIn = (bytes?: Uint8Array): number =>
        Buffer.from(bytes ?? [])
          .toString('latin1')
          .split('\n').length - 1;
      let count = countIn(first?.value);
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
        count += countIn(part.value);
      return count;
    },
  };
}

const PAID = { status: 'PAID' };
/** For tests of whether an export is admitted, not of its length. */
const FEW = { currency: 'HKD', status: 'FAILED' };

describe('the export of payments', () => {
  it('holds exactly the rows of the search with the same filters, in the same order', async () => {
    const query = { ...FEW, sort: '-amount' };
    const answer = await download(query);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="payments.csv"');
    const rows: Json[] = parse(answer.text, { columns: true, record_delimiter: '\r\n' });
    const listed: Json[] = [];
    let cursor: string | undefined;
    do {
      const more: Record<string, string> = cursor === undefined ? {} : { cursor };
      const asked = new URLSearchParams({ ...query, limit: '50', ...more });
      const { body } = await test.operator.operations(`/payments?${asked.toString()}`);
      listed.push(...body.payments);
      cursor = body.nextCursor;
    } while (cursor !== undefined);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.map((row) => [row.paymentId, row.payMinorUnits, row.createdAt])).toEqual(
      listed.map((row) => [row.paymentId, row.payAmount.value, row.createdAt]),
    );
  });

  it('leaves the names of merchants text that no spreadsheet runs', async () => {
    const { text } = await download({ merchant: '="Sum' });
    const rows: Json[] = parse(text, { columns: true, record_delimiter: '\r\n' });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ merchantName }) => !merchantName.startsWith(`'="Sum`))).toEqual([]);
  });

  it('finds by any identifier, as the search does', async () => {
    const { text } = await download({ q: 'seed:100' });
    expect(parse(text, { columns: true, record_delimiter: '\r\n' })).toHaveLength(1);
  });

  it('is refused when it is too wide, with the limit, the approximate number, and advice', async () => {
    const answer = await download({});
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'EXPORT_TOO_WIDE',
      limit: LIMIT,
      total: { value: expect.any(Number), isEstimate: true },
      detail: expect.stringMatching(new RegExp(`More than ${LIMIT} payments.*from and to`)),
    });
    expect(await busySessions()).toEqual([]);
  });

  it.each<[Record<string, string>, string]>([
    [{ status: 'PAYED' }, 'status'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: '2026-03-01', zone: 'Mars/Olympus' }, 'zone'],
    [{ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, 'to'],
    [{ paymentId: 'x' }, 'paymentId'],
    [{ columns: 'all' }, 'columns'],
    [{ cursor: 'nonsense-nonsense' }, 'cursor'],
    [{ limit: '5' }, 'limit'],
    [{ sort: 'amount' }, 'currency'],
  ])('with %j is refused, naming the field', async (query, field) => {
    const answer = await download(query);
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, field]);
  });

  it('is for operators only', async () => {
    expect((await test.app.operations('/payments.csv')).status).toBe(403);
  });

  it('is read from the database no faster than its reader reads it', async () => {
    const slow = await begun(PAID);
    // Sent as far as buffers go; the rest is still in the database, behind an open cursor.
    const open = await busySessions();
    expect(open).toHaveLength(1);
    const [paid] = await ask<{ count: number }>(
      test.database.url,
      `select count(*)::int as count from payment_order where status = 'PAID'`,
    );
    expect(await slow.lines()).toBe(1 + (paid?.count ?? 0));
    await until('its session has ended', async () => (await busySessions()).length === 0);
  });

  it('ends in the database when its reader disconnects', async () => {
    const before = test.log.length;
    const left = await begun(PAID);
    expect(await busySessions()).toHaveLength(1);
    await left.leave();
    await until('its session has ended', async () => (await busySessions()).length === 0);
    const line = await until('the log says so', () =>
      test.log.slice(before).find((one) => one.includes('payments.exported')),
    );
    expect(JSON.parse(line)).toMatchObject({
      outcome: 'broken_off',
      actor: 'operator:operator',
      application: 'operator',
      address: '127.0.0.1',
    });
  });

  it('leaves connections for searches: one export too many is refused', async () => {
    const two = [await begun(PAID), await begun(PAID)];
    const third = await download(FEW);
    expect([third.status, third.body.code, third.headers.get('retry-after')]).toEqual([
      429,
      'TOO_MANY_EXPORTS',
      '30',
    ]);
    expect((await test.operator.operations('/payments')).status).toBe(200);
    await Promise.all(two.map(({ leave }) => leave()));
    await until('both have ended', async () => (await busySessions()).length === 0);
    expect((await download(FEW)).status).toBe(200);
  });
});

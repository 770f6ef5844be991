import pg from 'pg';
import { seedOperations } from '../../scripts/seed-operations/seed-operations.js';
import { notificationCondition } from '../../src/operations/search/payment-conditions.js';
import { QueryValues } from '../../src/operations/search/keyset.js';
import { doubtSums } from '../../src/payment-order/doubt/doubts.js';
import * as sql from '../../src/operations/summary/summary.sql.js';
import type { Query } from '../../src/platform/database/reading-pool.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { documentedSearches, type DocumentedSearch } from '../support/operations/documented-searches.js';
import { OpenedSearch } from '../support/operations/opened-search.js';

jest.setTimeout(300_000);

/** Enough for an index to pay off, few enough to be made in a test. */
const ORDERS = 60_000;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Plan Rows'?: number;
  readonly Plans?: readonly PlanNode[];
}

const ACTIVITY = [sql.scansSince, sql.questionsSince, sql.debitsSince, sql.resultsSince];

let database: TestDatabase;
let search: OpenedSearch;
let searches: readonly DocumentedSearch[];

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  await seedOperations({ url: database.url, orders: ORDERS, tell: () => undefined });
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  // Any plan reads a small table whole. Triggers and foreign keys are off: they would run for each of the rows.
  await pool.query('set session_replication_role = replica');
  await pool.query(`
    insert into refund (refund_id, refund_request_id, payment_request_id, payment_id, status, refund_currency,
      refund_value, back_currency, back_value, content, refund_time, created_at, updated_at)
    select gen_random_uuid(), 'refund-' || payment_id, payment_request_id, payment_id, 'REFUNDED', pay_currency,
      1, pay_currency, 1, '', '2026-03-01T12:00:00Z', created_at, updated_at
    from payment_order where status = 'PAID' limit 10000`);
  await pool.query('set session_replication_role = origin');
  await pool.query('analyze refund');
  searches = await documentedSearches(pool);
  await pool.end();
  search = new OpenedSearch(database.url);
});
afterAll(async () => {
  await search.close();
  await database.drop();
});

async function nodesOf({ text, values }: Query): Promise<PlanNode[]> {
  type Row = { readonly 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] };
  const [row] = await search.pool.run<Row>({ text: `explain (format json) ${text}`, values });
  const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];
  return row ? all(row['QUERY PLAN'][0].Plan) : [];
}

const scansOfTables = (nodes: readonly PlanNode[]): (string | undefined)[] =>
  nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']);

test('no documented search reads a whole table, on its first page or its second', async () => {
  const offences: unknown[] = [];
  for (const one of searches) {
    const { nextCursor } = await search.page(one);
    const statements = [
      ...(await search.asked(one)),
      ...(nextCursor === undefined ? [] : await search.asked(one, { cursor: nextCursor })),
    ];
    for (const statement of statements) {
      const read = scansOfTables(await nodesOf(statement));
      if (read.length > 0) offences.push({ list: one.list, name: one.name, read, text: statement.text });
    }
  }
  expect(offences).toEqual([]);
  expect(searches.length).toBeGreaterThan(70);
});

test('every index that was made for searches is used by one', async () => {
  const used = new Set<string | undefined>();
  for (const one of searches) {
    for (const statement of await search.asked(one)) {
      for (const node of await nodesOf(statement)) used.add(node['Index Name']);
    }
  }
  const made = [
    'payment_order_time_ix',
    'unpaid_order_pk',
    'payment_order_acquirer_ix',
    'payment_order_merchant_ix',
    'payment_order_merchant_name_ix',
    'payment_order_currency_ix',
    'payment_order_amount_ix',
    'debit_ledger_reference_ix',
    'scan_time_ix',
    'scan_failed_ix',
    'scan_result_ix',
    'notification_time_ix',
    'notification_undelivered_ix',
    'notification_undelivered_order_ix',
  ];
  expect(made.filter((name) => !used.has(name))).toEqual([]);
});

test('the summary reads no whole table, and of finished rows only those of its time range', async () => {
  const now = new Date();
  const since = new Date(now.getTime() - 3_600_000);
  const statements = [doubtSums(now), ...ACTIVITY.map((question) => question(since))];
  const read = await Promise.all(
    statements.map(async (statement) => scansOfTables(await nodesOf(statement))),
  );
  expect(read).toEqual(statements.map(() => []));
});

test('the planner knows that nearly every result is delivered', async () => {
  const values = new QueryValues();
  const [condition] = notificationCondition('DELIVERED', values);
  const text = `select from payment_order o where ${condition}`;
  const [plan] = await nodesOf({ text, values: values.list });
  expect(plan?.['Plan Rows']).toBeGreaterThan(ORDERS / 10);
});

test('the test detects a search that reads a whole table', async () => {
  const nodes = await nodesOf({ text: `select from payment_order where psp_id like '%1%'`, values: [] });
  expect(scansOfTables(nodes)).toEqual(['payment_order']);
});

test('a database with payments in it is not seeded', async () => {
  const again = seedOperations({ url: database.url, orders: 1, tell: () => undefined });
  await expect(again).rejects.toThrow('Only an empty database is seeded');
});

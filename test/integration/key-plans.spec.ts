import pg from 'pg';
import { seedOperations } from '../../scripts/seed-operations/seed-operations.js';
import * as debit from '../../src/payment-order/debit/debit.sql.js';
import * as reversal from '../../src/payment-order/debit/reversal.sql.js';
import * as merge from '../../src/payment-order/scan/merge.sql.js';
import * as notification from '../../src/payment-order/notification/notification.sql.js';
import * as act from '../../src/payment-order/operator/operator-act.sql.js';
import * as order from '../../src/payment-order/order/payment-order.sql.js';
import { ORDERS_OF_CUSTOMER } from '../../src/payment-order/order/payments-of-customer.js';
import * as scan from '../../src/payment-order/scan/scan.sql.js';
import type { Statement } from '../../src/platform/database/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';

jest.setTimeout(240_000);

const ORDERS = 20_000;

/** Each finds its rows by these keys, or by a reference from such a row. */
const BY_KEY: readonly Statement[] = [
  scan.CLAIM_SCAN,
  scan.ACCEPT_SCANS,
  scan.REJECT_SCAN,
  scan.POSTPONE_SCAN,
  scan.DEFER_SCAN,
  scan.GIVE_UP_SCAN,
  merge.LOCK_SCAN,
  merge.LINK_SCAN,
  merge.REFUSE_SCAN,
  debit.CONFIRM_ORDER,
  order.CLOSE_ORDER,
  debit.CLAIM_DEBIT,
  debit.SETTLE_DEBITS,
  debit.REOPEN_ORDER,
  debit.DOUBT_DEBIT,
  debit.SETTLE_CANCELLED,
  reversal.CLAIM_REVERSAL,
  reversal.POSTPONE_REVERSAL,
  reversal.REVERSED,
  act.ACT_RELEASE,
  notification.RECORD_ATTEMPTS,
  notification.RELEASE_NOTIFICATIONS,
  notification.PARK_NOTIFICATION,
];
const KEYS = ['scan_pk', 'payment_order_pk', 'debit_pk', 'debit_sequence_uq', 'notification_pk'];

let database: TestDatabase;
let client: pg.Client;
let young: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  await seedOperations({ url: database.url, orders: ORDERS, tell: () => undefined });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // A quiet night, at the end of which statistics are made: nothing is due.
  await client.query(`
    set session_replication_role = replica;
    delete from notification where status <> 'DELIVERED';
    delete from debit where next_attempt_at is not null;
    delete from scan where status = 'PENDING';
    delete from unpaid_order where status in ('AWAITING_CONFIRMATION', 'HELD') or cancel_requested_at is not null;
    delete from payment_order where status in ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING') or cancel_requested_at is not null`);
  await client.query('vacuum (analyze)');
  await client.query('set plan_cache_mode = force_generic_plan');
  young = await createTestDatabase();
});
afterAll(async () => {
  await client.end();
  await young.drop();
  await database.drop();
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The parts of the plan that a prepared statement keeps, whatever its values. */
async function planOf(session: pg.Client, { name, text }: Statement): Promise<Plan[]> {
  await session.query(`prepare ${name} as ${text}`);
  const { rows: types } = await session.query<{ type: string }>(
    `select unnest(parameter_types)::text as type from pg_prepared_statements where name = $1`,
    [name],
  );
  const { rows } = await session.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (format json) execute ${name} (${types.map(() => 'null').join()})`,
  );
  return rows.map((row) => row['QUERY PLAN'][0].Plan).flatMap(nodesOf);
}

/**
 * The indexes on unfinished rows look cheapest while they are empty. A plan made then, and kept, would read one of them
 * whole for each of the hundred thousand that wait after an outage.
 */
describe('a statement that finds its row by key', () => {
  it.each(BY_KEY.map((statement) => [statement.name, statement] as const))(
    '%s uses that key, although almost nothing is unfinished',
    async (_name, statement) => {
      const used = (await planOf(client, statement)).flatMap((node) => node['Index Name'] ?? []);
      expect(used).not.toEqual([]);
      expect(used.filter((index) => !KEYS.includes(index))).toEqual([]);
    },
  );
});

describe("the list of a customer's payments", () => {
  it('is read along the index of customers, however many other customers there are', async () => {
    const used = (await planOf(client, ORDERS_OF_CUSTOMER)).flatMap((node) => node['Index Name'] ?? []);
    expect(used).toContain('payment_order_customer_ix');
    expect(used.filter((index) => index.startsWith('payment_order_'))).toEqual(['payment_order_customer_ix']);
  });

  it('costs the same for a page of the customer with most payments as for any other', async () => {
    const { rows } = await client.query<{ customer_id: string; count: number }>(
      `select customer_id, count(*)::int as count from payment_order group by 1 order by 2 desc limit 1`,
    );
    const [most] = rows;
    expect(most?.count).toBeGreaterThan(40);
    await client.query('set plan_cache_mode = force_custom_plan');
    type Explained = { 'QUERY PLAN': [{ Plan: Plan & { readonly 'Actual Rows': number } }] };
    const { rows: explained } = await client.query<Explained>(
      `explain (analyze, format json) execute orders_of_customer ('${most?.customer_id}', null, null, null, null, null, 10)`,
    );
    await client.query('set plan_cache_mode = force_generic_plan');
    const nodes = nodesOf(explained[0]!['QUERY PLAN'][0].Plan);
    const read = nodes.filter((node) => node['Relation Name'] === 'payment_order');
    expect(read.map((node) => node['Node Type'])).toEqual(['Index Scan']);
    expect(Math.max(...read.map((node) => Reflect.get(node, 'Actual Rows') as number))).toBeLessThan(20);
  });
});

describe('on a database that is still empty', () => {
  it.each([scan.BEGIN_SCANS, scan.ACCEPT_SCANS].map((statement) => [statement.name, statement] as const))(
    '%s has no plan that reads a whole table, for as long as the plan is kept',
    async (_name, statement) => {
      const session = new pg.Client({ connectionString: young.url });
      await session.connect();
      await session.query('set plan_cache_mode = force_generic_plan');
      const plan = await planOf(session, statement);
      await session.end();
      const whole = plan
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .map((node) => node['Relation Name']);
      expect(whole.filter((table) => table !== 'decode_pause')).toEqual([]);
    },
  );
});

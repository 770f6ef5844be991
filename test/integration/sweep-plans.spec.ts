import type { Statement } from '../../src/platform/database/database.js';
import { RAISE } from '../../src/payment-order/debit/debit-alarm.sql.js';
import * as notification from '../../src/payment-order/notification/notification.sql.js';
import { firstIdOf, FORGOTTEN, pruneOf } from '../../src/payment-order/records/retention.sql.js';
import * as sweep from '../../src/payment-order/sweep/sweep.sql.js';
import type { PaymentOrder } from '../../src/payment-order/order/payment-order.js';
import { anOrder } from '../support/builders/an-order.js';
import { claimNotifications } from '../support/builders/claim-notifications.js';
import { OpenedStores } from '../support/builders/opened-stores.js';

jest.setTimeout(240_000);

/** Finished rows of a few days, beside a few hundred unfinished ones. */
const FINISHED = 20_000;
const UNFINISHED = 300;

const LONG_AGO = `'2026-03-01T00:00:00Z'::timestamptz`;
const NEW_ID = 'gen_random_uuid()';
const IDS = {
  payment_order: { payment_id: NEW_ID, payment_request_id: `${NEW_ID}::text` },
  debit: { debit_id: NEW_ID, payment_id: NEW_ID },
  scan: { scan_id: NEW_ID, code_hash: `sha256(${NEW_ID}::text::bytea)` },
  notification: { payment_id: NEW_ID },
} as const;

interface Look {
  readonly statement: Statement;
  readonly types: string;
  readonly values: string;
}

const swept = (statement: Statement): Look => ({
  statement,
  types: '(float8, float8, int)',
  values: '(2000, 5000, 500)',
});

const TAKING: Look = {
  statement: notification.CLAIM_NOTIFICATIONS,
  types: '(float8, int, int, int, int, text[], int[], int[], bool[])',
  values: `(10000, 30, 1, 24, 23, '{}', '{}', '{}', '{}')`,
};

const LOOKS: readonly Look[] = [
  ...[...Object.values(sweep.TAKE_ROWS), sweep.TAKE_EXPIRED, sweep.TAKE_UNFINISHED].map(swept),
  { statement: sweep.TAKE_SCANS, types: '(float8, float8, int, float8)', values: '(0, 5000, 100, 20)' },
  TAKING,
  { statement: notification.WATCH_NOTIFICATIONS, types: '(int, text)', values: `(200, 'late')` },
  { statement: notification.OLDEST_UNDELIVERED, types: '', values: '' },
  ...FORGOTTEN.map((what) => ({
    statement: pruneOf(what),
    types: `(${firstIdOf(what) === '0' ? 'bigint' : 'uuid'}, int, int)`,
    values: `('${firstIdOf(what)}', 1000, 400)`,
  })),
  ...Object.values(RAISE).map((statement) => ({ statement, types: '(int)', values: '(200)' })),
];

const RECORDING: Look = {
  statement: notification.RECORD_ATTEMPTS,
  types: '(json)',
  values: `('[]')`,
};

/** Every worker sweeps once a second: the cost must not grow with all that was ever paid. */
describe('a sweep of a database with many finished payments', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open();
    const { order: debiting } = await anOrder(stores).confirmed();
    const paid = await anOrder(stores).paid();
    const open = await anOrder(stores).decoded();
    const told = { status: `'DELIVERED'`, next_attempt_at: 'null', delivered_at: 'now()', watch_at: 'null' };
    await copies('payment_order', paid, FINISHED);
    await copies('debit', paid, FINISHED);
    await copies('scan', paid, FINISHED);
    await copies('notification', paid, FINISHED, told);
    await copies('payment_order', debiting, UNFINISHED);
    await copies('debit', debiting, UNFINISHED, { lease_until: 'null' });
    await copies('scan', open, UNFINISHED, {
      status: `'PENDING'`,
      payment_id: 'null',
      next_attempt_at: LONG_AGO,
    });
    await copies('notification', paid, UNFINISHED);
    await copies('payment_order', open, UNFINISHED, { expires_at: LONG_AGO });
    await copies('payment_order', open, UNFINISHED, { cancel_requested_at: LONG_AGO });
    await stores.sql(`
      insert into unpaid_order (status, created_at, payment_id, expires_at, cancel_requested_at)
      select status, created_at, payment_id, expires_at, cancel_requested_at from payment_order
      where is_unpaid(status, cancel_requested_at) on conflict do nothing`);
    await stores.sql('analyze');
  });
  afterAll(() => stores.close());

  /**
   * Copies of rows made through the stores, each with ids of its own. Triggers and foreign keys are off meanwhile: only
   * the number of rows matters here.
   */
  async function copies(
    table: keyof typeof IDS,
    { paymentId }: PaymentOrder,
    count: number,
    change: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const columns = await stores.sql<{ name: string }>(
      `select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = $1 and is_identity = 'NO'`,
      [table],
    );
    const values: Readonly<Record<string, string>> = { ...IDS[table], ...change };
    const names = columns.map(({ name }) => name);
    const runner = stores.dataSource.createQueryRunner();
    try {
      await runner.query(`set session_replication_role = replica`);
      await runner.query(
        `insert into ${table} (${names.join(', ')})
         select ${names.map((name) => values[name] ?? `t.${name}`).join(', ')}
         from ${table} t, generate_series(1, $2) where t.payment_id = $1`,
        [paymentId, count],
      );
    } finally {
      await runner.query(`set session_replication_role = default`);
      await runner.release();
    }
  }

  interface Plan {
    readonly 'Node Type': string;
    readonly 'Relation Name'?: string;
    readonly 'Index Name'?: string;
    readonly Plans?: readonly Plan[];
  }

  const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

  /** The plan that a prepared statement keeps, whatever its values. */
  async function planOf({ statement: { name, text }, types, values }: Look): Promise<Plan[]> {
    const runner = stores.dataSource.createQueryRunner();
    try {
      await runner.query(`set plan_cache_mode = force_generic_plan`);
      await runner.query(`prepare ${name}_plan ${types} as ${text}`);
      const [row] = (await runner.query(`explain (format json) execute ${name}_plan ${values}`)) as [
        { 'QUERY PLAN': [{ Plan: Plan }] }, // as PostgreSQL writes it
      ];
      return nodesOf(row['QUERY PLAN'][0].Plan);
    } finally {
      await runner.query('deallocate all');
      await runner.query('set plan_cache_mode = default');
      await runner.release();
    }
  }

  it.each(LOOKS.map((look) => [look.statement.name, look] as const))(
    '%s reads its rows through an index, and never all of them',
    async (_name, look) => {
      const nodes = await planOf(look);
      const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
      expect(scans.length).toBeGreaterThan(1);
      const whole = scans.filter(
        (node) =>
          node['Node Type'] === 'Seq Scan' &&
          ['payment_order', 'unpaid_order', 'debit', 'scan', 'notification'].includes(
            node['Relation Name'] ?? '',
          ),
      );
      expect(whole).toEqual([]);
    },
  );

  const usualRoom = { all: 100_000, backlog: 100_000 };

  it.each([
    ['taking', TAKING, ['notification_due_ix', 'notification_pk']],
    ['writing down', RECORDING, ['notification_pk']],
  ])('%s pending rows goes by their key, however many there are', async (_what, look, indexes) => {
    const nodes = await planOf(look);
    const used = nodes.flatMap((node) => node['Index Name'] ?? []);
    expect([...new Set(used.filter((name) => /^notification_[a-z]+_?/.test(name)))].toSorted()).toEqual(
      indexes,
    );
  });

  it('claims the due rows among all finished ones, and nothing else', async () => {
    expect((await claimNotifications(stores, { slots: 100_000, usualRoom })).claimed).toHaveLength(
      UNFINISHED + 1,
    );
    expect(await stores.due('expiry', 0, 100_000)).toHaveLength(UNFINISHED);
    expect(await stores.due('cancel', 0, 100_000)).toHaveLength(UNFINISHED);
  });
});

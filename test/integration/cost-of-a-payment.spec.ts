import { randomUUID } from 'node:crypto';
import { LogRecords, type Logged } from '../../bench/writes/log-records.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { readSettings } from '../../src/settings.js';
import { startService, type RunningService } from '../../src/start-service.js';
import { ask } from '../support/database/ask.js';
import { PostgresMeter } from '../support/meters/postgres-meter.js';
import { ApiClient } from '../support/service/api-client.js';
import { openDemoCustomers } from '../support/service/open-demo-customers.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

/**
 * The writes of one whole payment, counted and not timed: scanned, confirmed, debited, notified and acknowledged, one
 * after the other. Nothing shares a statement or a commit here, so this is the most that a payment costs. `npm run
 * bench:writes` prints the same for every table and index, and for many at once.
 */
const PAYMENTS = 30;

/** In production the ledger's tables belong to the wallet's core. */
const STATEMENTS = [
  'scan_begin',
  'scan_accept',
  'order_confirm',
  'ledger_debit',
  'debit_settle',
  'notification_claim',
  'notification_attempts',
];
const OF_A_PAYMENT = /^(scan|order|ledger|debit|notification)_(?!watch|oldest)/;

/**
 * Bytes of PostgreSQL's log without images of whole pages. There is room for splits of young indexes, and for the
 * summaries of the first pages of young tables; none for another index, or for an update that writes all of them again.
 */
const BYTES = {
  payment_order: 2_650,
  unpaid_order: 390,
  payment_history: 1_400,
  scan: 1_650,
  decode_exchange: 780,
  debit: 1_290,
  notification: 1_750,
  notification_attempt: 500,
};

let ground: TestGround;
let service: RunningService;
let meter: PostgresMeter;
let log: LogRecords;
let app: ApiClient;

beforeAll(async () => {
  ground = await prepareTestGround();
  meter = await PostgresMeter.before(ground.database.url);
  log = await LogRecords.of(ground.database.url);
  await openDemoCustomers(ground.database.url);
  const settings = readSettings({
    ...ground.environment,
    ROLE: 'all',
    API_KEYS_REFRESH_MS: '60000',
    DATABASE_URL: meter.through(ground.database.url),
  });
  service = await startService(settings, new EventLog({ level: 'info' }, { write: () => undefined }));
  app = new ApiClient(service.url, ground.tokens.walletApp);
  for (let time = 0; time < PAYMENTS; time += 1) await pay();
});
afterAll(async () => {
  await service.stop();
  await log.close();
  await meter.close();
  await ground.stop();
});

/** Until the acknowledgement. */
async function pay(): Promise<void> {
  const { body } = await app.scan(`twin:S#${randomUUID()}`);
  expect((await app.confirm(body.payment)).body.status).toBe('PAID');
  const open = `select count(*)::int as count from notification where status <> 'DELIVERED'`;
  await until('it is acknowledged', async () => {
    const [row] = await ask<{ count: number }>(ground.database.url, open);
    return row?.count === 0;
  });
}

const recordsOf = ({ relations }: Logged, relation: string): number =>
  (relations.find((one) => one.relation === relation)?.records ?? 0) / PAYMENTS;
const bytesOf = ({ relations }: Logged, table: string): number =>
  relations.filter((one) => one.table === table).reduce((sum, { bytes }) => sum + bytes, 0) / PAYMENTS;

describe('a whole payment', () => {
  let logged: Logged;
  let statements: readonly string[];
  beforeAll(async () => {
    const [from, first] = [await log.position(), meter.statements.length];
    for (let time = 0; time < PAYMENTS; time += 1) await pay();
    logged = await log.between(from, await log.position());
    statements = meter.statements.slice(first).filter((name) => OF_A_PAYMENT.test(name));
  });

  it('takes these statements: six, and the one of the ledger', () => {
    const times = (name: string): number => statements.filter((one) => one === name).length / PAYMENTS;
    expect([...new Set(statements)].toSorted()).toEqual(STATEMENTS.toSorted());
    // A claim that finds nothing may come between: from the sweeper, or for a free slot.
    for (const name of STATEMENTS.filter((one) => one !== 'notification_claim')) expect(times(name)).toBe(1);
  });

  it.each(Object.entries(BYTES))('writes no more of %s to the log than %d bytes', (table, most) => {
    expect(bytesOf(logged, table)).toBeGreaterThan(most / 2);
    expect(bytesOf(logged, table)).toBeLessThan(most);
  });

  it('writes to nothing else', () => {
    const known = new Set([
      ...Object.keys(BYTES),
      'decode_budget',
      'record_watch',
      'api_key_state',
      'data_key',
    ]);
    const others = logged.relations
      .map(({ table }) => table)
      .filter((table) => !known.has(table) && !/^(ledger_|pg_)|_seq$/.test(table));
    // BullMQ's workers update their own rows now and then.
    expect(others.filter((table) => !['meta', 'job', 'others'].includes(table))).toEqual([]);
  });

  it.each(['payment_order_pk', 'payment_order_time_ix', 'payment_order_merchant_ix'])(
    'writes %s once, when the order is made, and not with its two updates',
    (index) => {
      // Pages split now and then, and a record may count for another index whose page comes first in it.
      expect(recordsOf(logged, index)).toBeGreaterThan(0.8);
      expect(recordsOf(logged, index)).toBeLessThan(1.25);
    },
  );

  it('adds the order to the list once, and removes it once', () => {
    expect(recordsOf(logged, 'unpaid_order_pk')).toBeLessThan(1.25);
    expect(recordsOf(logged, 'unpaid_order')).toBeLessThan(2.5);
  });
});

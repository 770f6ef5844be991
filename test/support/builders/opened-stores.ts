import { createSecretKey, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { writeNotifyPayment } from '../../../src/alipay-plus/messages/notify-payment.js';
import { CancelStore } from '../../../src/payment-order/cancel/cancel.store.js';
import { InquiryStore } from '../../../src/payment-order/cancel/inquiry.store.js';
import { DebitAlarmStore } from '../../../src/payment-order/debit/debit-alarm.store.js';
import { DebitStore } from '../../../src/payment-order/debit/debit.store.js';
import { DecodedOrderStore } from '../../../src/payment-order/scan/decoded-order.store.js';
import { EventStore } from '../../../src/payment-order/event/event.store.js';
import { EvidenceStore } from '../../../src/payment-order/evidence/evidence.store.js';
import { FrozenResult } from '../../../src/payment-order/order/frozen-result.js';
import { NotificationStore } from '../../../src/payment-order/notification/notification.store.js';
import { PaymentNoteStore } from '../../../src/payment-order/operator/payment-note.store.js';
import { OperatorActStore } from '../../../src/payment-order/operator/operator-act.store.js';
import { PaymentOrderStore } from '../../../src/payment-order/order/payment-order.store.js';
import { ReversalStore } from '../../../src/payment-order/debit/reversal.store.js';
import { RefundStore } from '../../../src/payment-order/refund/refund.store.js';
import { ScanStore } from '../../../src/payment-order/scan/scan.store.js';
import { RetentionStore } from '../../../src/payment-order/records/retention.store.js';
import { SweepStore } from '../../../src/payment-order/sweep/sweep.store.js';
import { Database, type Runner } from '../../../src/platform/database/database.js';
import { dataSourceOn, openPool } from '../../../src/platform/database/pool.js';
import type { SweepKind } from '../../../src/sweep/steps.js';
import { placeIn, type SealedColumn } from '../../../src/platform/sealing/sealed-column.js';
import type { HeldKey, Place } from '../../../src/platform/sealing/sealing.js';
import { createTestDatabase, type TestDatabase } from '../database/test-database.js';

export function aKey(keyId: number, purpose: HeldKey['purpose'] = 'seal'): HeldKey {
  return { keyId, purpose, key: createSecretKey(randomBytes(32)), sealsFrom: 0 };
}

/** A budget that is never used up. */
const NO_GAP_MS = 0.001;

/** Notifications are taken by the notifier itself. */
export type RowKind = Exclude<SweepKind, 'notify' | 'events'>;

/** Every store of the core over a database of its own, with the ways a test needs to look behind them. */
export class OpenedStores {
  static async open(poolSize = 12): Promise<OpenedStores> {
    const testDatabase = await createTestDatabase();
    const { dataSource, database } = await connect(testDatabase, poolSize);
    return new OpenedStores(testDatabase, dataSource, () => testDatabase.drop(), database);
  }

  /** On a database that somebody else made and drops. */
  static async on(testDatabase: TestDatabase): Promise<OpenedStores> {
    const { dataSource, database } = await connect(testDatabase, 4);
    return new OpenedStores(testDatabase, dataSource, async () => undefined, database);
  }

  private readonly frozen = new FrozenResult({ write: writeNotifyPayment }, this.database.sealing);
  readonly scans = new ScanStore(this.database);
  readonly decodedOrders = new DecodedOrderStore(this.database);
  readonly orders = new PaymentOrderStore(this.database, this.frozen);
  readonly debitAlarms = new DebitAlarmStore(this.database);
  readonly debits = new DebitStore(this.database, this.frozen);
  readonly cancels = new CancelStore(this.database, this.orders);
  readonly inquiries = new InquiryStore(this.database);
  readonly acts = new OperatorActStore(this.database, this.frozen);
  readonly notes = new PaymentNoteStore(this.database);
  readonly reversals = new ReversalStore(this.database);
  readonly refunds = new RefundStore(this.database);
  readonly notifications = new NotificationStore(this.database);
  readonly events = new EventStore(this.database);
  readonly sweeps = new SweepStore(this.database);
  readonly evidence = new EvidenceStore(this.database);
  readonly retention = new RetentionStore(this.database);

  private constructor(
    private readonly testDatabase: TestDatabase,
    readonly dataSource: DataSource,
    private readonly leave: () => Promise<void>,
    readonly database: Database,
  ) {}

  get url(): string {
    return this.testDatabase.url;
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.leave();
  }

  /** The same stores, as a process sees them that holds these keys. */
  holding(...keys: HeldKey[]): OpenedStores {
    const database = new Database(this.database.pool);
    database.sealing.hold(keys);
    return new OpenedStores(this.testDatabase, this.dataSource, this.leave, database);
  }

  /** The same stores, every statement of which belongs to one open transaction. */
  within(transaction: Runner): OpenedStores {
    // The stores ask a database for nothing else than to run a statement, apart from those that open a transaction.
    const { sealing } = this.database;
    const database = Object.assign(Object.create(Database.prototype), transaction, { sealing }) as Database;
    return new OpenedStores(this.testDatabase, this.dataSource, this.leave, database);
  }

  /** What a sweeper would take now, were it not for others; taking it leaves nothing behind. */
  async due(kind: RowKind, graceMs = 0, limit = 1_000): Promise<string[]> {
    const share = { graceMs, restMs: 0, limit };
    switch (kind) {
      case 'expiry':
        return (await this.sweeps.takeExpired(share)).map(({ order }) => order.paymentId);
      case 'cancel':
        return (await this.sweeps.takeUnfinishedCancels(share)).map(({ paymentId }) => paymentId);
      case 'decode':
        return (await this.sweeps.takeScans(share, NO_GAP_MS)).rows.map(({ id }) => id);
      default:
        return (await this.sweeps.take(kind, share)).map(({ id }) => id);
    }
  }

  /** Whether somebody in this database waits for a lock. */
  async isBlocked(): Promise<boolean> {
    const waiting = await this.sql(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  }

  /** Values of a sealed column, opened, the first row first; `r` names the row. */
  async opened(column: SealedColumn, where: string, values: unknown[] = []): Promise<(Buffer | null)[]> {
    const rows = await this.sql<{ kept: Buffer | null; place: Place }>(
      `select r.${column.column} as kept, ${placeIn('r', column)} as place from ${column.table} r
       where ${where} order by r.${column.id}`,
      values,
    );
    return rows.map(({ kept, place }) => kept && this.database.sealing.open(place, kept));
  }

  sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.dataSource.query<Row[]>(text, values);
  }

  /** The database's clock as it is now, frozen or not. */
  async now(): Promise<Date> {
    const [row] = await this.sql<{ now: Date }>('select db_now() as now');
    if (!row) throw new Error('the database did not return its time');
    return row.now;
  }

  /** From now on the database's clock, by which everything is decided, stands where the test puts it. */
  async freezeClock(at: Date): Promise<void> {
    await this.sql('create table if not exists test_clock (now timestamptz not null)');
    await this.sql('with moved as (delete from test_clock) insert into test_clock values ($1)', [at]);
    await this.replaceClock('select now from test_clock');
  }

  async letClockRun(): Promise<void> {
    await this.replaceClock('select clock_timestamp()');
  }

  private async replaceClock(body: string): Promise<void> {
    await this.sql(
      `create or replace function db_now() returns timestamptz language sql volatile as '${body}'`,
    );
  }
}

async function connect({ url }: TestDatabase, max: number) {
  const pool = openPool(url, { name: 'stores', max });
  return { dataSource: await dataSourceOn(pool).initialize(), database: new Database(pool) };
}

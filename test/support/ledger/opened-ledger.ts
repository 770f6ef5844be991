import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Database } from '../../../src/platform/database/database.js';
import { dataSourceOn, openPool } from '../../../src/platform/database/pool.js';
import { EventLog } from '../../../src/platform/logging/event-log.js';
import { DemoCustomers } from '../../../src/wallet-ledger/embedded/demo-customers.js';
import { EmbeddedWalletLedger } from '../../../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import { LedgerBooks } from '../../../src/wallet-ledger/embedded/ledger-books.js';
import type { LedgerDebit } from '../../../src/wallet-ledger/wallet-ledger.js';
import { createTestDatabase, type TestDatabase } from '../database/test-database.js';

/** The embedded ledger over a database of its own, with access to its rows for tests. */
export class OpenedLedger {
  static async open(poolSize = 20): Promise<OpenedLedger> {
    const testDatabase = await createTestDatabase();
    const pool = openPool(testDatabase.url, { name: 'ledger', max: poolSize });
    return new OpenedLedger(testDatabase, new Database(pool), await dataSourceOn(pool).initialize());
  }

  readonly logged: string[] = [];
  readonly log = new EventLog({ level: 'error' }, { write: (line) => void this.logged.push(line) });
  readonly wallet = new EmbeddedWalletLedger(this.database, this.log);
  readonly books = new LedgerBooks(this.database);
  readonly demo = new DemoCustomers(this.books);

  private constructor(
    private readonly testDatabase: TestDatabase,
    readonly database: Database,
    readonly dataSource: DataSource,
  ) {}

  get url(): string {
    return this.testDatabase.url;
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.testDatabase.drop();
  }

  /** Removes the database under the open connections. */
  loseDatabase(): Promise<void> {
    return this.testDatabase.drop();
  }

  /** A customer nobody else uses, with `value` HKD. */
  async aCustomer(value: bigint): Promise<string> {
    const customerId = `payer-${randomUUID()}`;
    await this.books.open({ customerId, blocked: false, openingBalance: null });
    const key = `salary-${customerId}`;
    const amount = { currency: 'HKD', value };
    await this.books.deposit({ key, customerId, amount, description: 'salary' });
    return customerId;
  }

  async balanceOf(customerId: string, currency = 'HKD'): Promise<bigint | undefined> {
    const book = await this.books.show(customerId);
    const found = book?.balances.find((balance) => balance.currency === currency);
    return found === undefined ? undefined : BigInt(found.balance);
  }

  async movementsOf(key: string): Promise<string[]> {
    const rows = await this.sql<{ kind: string }>(
      'select kind from ledger_movement where key = $1 order by created_at, kind',
      [key],
    );
    return rows.map((row) => row.kind);
  }

  async sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.dataSource.query<Row[]>(text, values);
  }

  /** Replaces the database's clock by one that stops at the test's time. */
  async setClock(now: Date): Promise<void> {
    await this.sql('create table if not exists test_clock (now timestamptz not null)');
    await this.sql(`with moved as (delete from test_clock) insert into test_clock values ($1)`, [now]);
    await this.sql(`create or replace function db_now() returns timestamptz language sql volatile
                    as 'select now from test_clock'`);
  }
}

/** A debit of 100 HKD before its deadline, under a key of its own. */
export function aDebit(customerId: string, change: Partial<LedgerDebit> = {}): LedgerDebit {
  return {
    key: `debit-${randomUUID()}`,
    paymentRequestId: `order-${randomUUID()}`,
    customerId,
    amount: { currency: 'HKD', value: 100n },
    notAfter: new Date(Date.now() + 3_600_000),
    description: 'Tea House',
    ...change,
  };
}

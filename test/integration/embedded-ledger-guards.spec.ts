import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/migrations.js';
import { WalletLedger1700000000200 } from '../../migrations/1700000000200-wallet-ledger.js';
import { OrderDebits1700000001300 } from '../../migrations/1700000001300-order-debits.js';
import { LostRecords1700000001310 } from '../../migrations/1700000001310-lost-records.js';
import { Refunds1700000001400 } from '../../migrations/1700000001400-refunds.js';
import { createTestDatabase } from '../support/database/test-database.js';
import { aDebit, OpenedLedger } from '../support/ledger/opened-ledger.js';

describe('the database itself', () => {
  let ledger: OpenedLedger;
  beforeEach(async () => {
    ledger = await OpenedLedger.open(4);
  });
  afterEach(() => ledger.close());

  /** Runs in one transaction that skips every trigger, as a careless superuser could. */
  async function tamper(...statements: string[]): Promise<string[]> {
    await ledger.dataSource.transaction(async (manager) => {
      await manager.query(`set local session_replication_role = replica`);
      for (const statement of statements) await manager.query(statement);
    });
    return (await ledger.books.check()).map((fault) => fault.fault);
  }

  async function aDebited(): Promise<string> {
    const debit = aDebit(await ledger.aCustomer(1_000n));
    expect(await ledger.wallet.debit(debit)).toMatchObject({ outcome: 'done' });
    return debit.customerId;
  }

  it('refuses to change or delete movements and entries', async () => {
    await aDebited();
    for (const table of ['ledger_movement', 'ledger_entry']) {
      await expect(ledger.sql(`delete from ${table}`)).rejects.toThrow('append-only');
      await expect(ledger.sql(`update ${table} set amount = amount + 1`)).rejects.toThrow('append-only');
    }
  });

  it('refuses at commit a movement whose entries do not sum to zero', async () => {
    await aDebited();
    const one = `insert into ledger_entry select gen_random_uuid(), account_id, 5 from ledger_account limit 1`;
    const lone = ledger.dataSource.transaction(async (manager) => {
      await manager.query(
        `insert into ledger_movement select 'aaaaaaaa-0000-0000-0000-000000000000', 'extra', kind, customer_id,
           currency, amount, null, '', created_at from ledger_movement where kind = 'DEBIT'`,
      );
      await manager.query(one.replace('gen_random_uuid()', `'aaaaaaaa-0000-0000-0000-000000000000'::uuid`));
    });
    await expect(lone).rejects.toThrow('do not sum to zero');
    await expect(ledger.sql(one)).rejects.toThrow('ledger_entry_movement_fk');
    expect(await ledger.movementsOf('extra')).toEqual([]);
  });

  it('refuses entries that sum to zero only across currencies', async () => {
    const customerId = await aDebited();
    const amount = { currency: 'JPY', value: 10n };
    await ledger.books.deposit({ key: 'yen', customerId, amount, description: '' });
    const mixed = ledger.sql(
      `with m as (insert into ledger_movement values (gen_random_uuid(), 'mixed', 'DEPOSIT', 'c', 'HKD', 5, null, '', db_now())
                  returning movement_id)
       insert into ledger_entry select m.movement_id, a.account_id, case a.currency when 'HKD' then 5 else -5 end
       from m, ledger_account a where a.customer_id = '${customerId}'`,
    );
    await expect(mixed).rejects.toThrow('do not sum to zero');
  });

  it('refuses a negative balance of a customer, and amounts that are zero or negative', async () => {
    await aDebited();
    const overdraw = `update ledger_account set balance = -1 where kind = 'CUSTOMER'`;
    await expect(ledger.sql(overdraw)).rejects.toThrow('ledger_account_never_negative_ck');
    for (const amount of ['0', '-1', '1.5'])
      await expect(
        ledger.sql(
          `select ledger_debit(gen_random_uuid(), 'k', 'nobody', 'HKD', ${amount}, db_now() + interval '1 day', '')`,
        ),
      ).rejects.toThrow('ledger_movement_amount_ck');
  });

  it('refuses a second answer for a key', async () => {
    await aDebited();
    for (const kind of ['DEBIT', 'REFUSAL', 'CLOSED']) {
      const content = kind === 'CLOSED' ? 'null, null, null' : 'customer_id, currency, amount';
      const code = kind === 'REFUSAL' ? `'REFUSED'` : 'null';
      await expect(
        ledger.sql(
          `insert into ledger_movement select gen_random_uuid(), key, '${kind}', ${content}, ${code}, '', created_at
           from ledger_movement where kind = 'DEBIT'`,
        ),
      ).rejects.toThrow('ledger_movement_answer_uq');
    }
  });

  it('ledger_check finds a balance that is not the sum of its entries', async () => {
    await aDebited();
    expect(await tamper(`update ledger_account set balance = balance + 1 where kind = 'CUSTOMER'`)).toEqual([
      'BALANCE_DIFFERS_FROM_ENTRIES',
    ]);
  });

  it('ledger_check finds entries and movements that were changed or removed', async () => {
    await aDebited();
    const faults = await tamper(`update ledger_entry set amount = amount - 1 where amount < 0`);
    expect(new Set(faults)).toContain('MOVEMENT_NOT_ZERO');
    expect(new Set(faults)).toContain('ENTRIES_DIFFER_FROM_MOVEMENT');
    await tamper(`delete from ledger_entry`, `update ledger_account set balance = 0`);
    expect(await tamper()).toEqual(['ENTRIES_DIFFER_FROM_MOVEMENT', 'ENTRIES_DIFFER_FROM_MOVEMENT']);
  });

  it('ledger_check finds a reversal without its debit, and a refusal that moved money', async () => {
    const customerId = await aDebited();
    expect(
      await tamper(
        `insert into ledger_movement values (gen_random_uuid(), 'stray', 'REVERSAL', '${customerId}', 'HKD', 5, null, '', db_now())`,
      ),
    ).toEqual(['ENTRIES_DIFFER_FROM_MOVEMENT', 'REVERSAL_WITHOUT_ITS_DEBIT']);
    await tamper(
      `update ledger_movement set kind = 'REFUSAL', refusal_code = 'REFUSED' where kind = 'DEBIT'`,
    );
    const [moved] = await ledger.sql<{ n: string }>(
      `select count(*) n from ledger_check() where detail like 'REFUSAL%'`,
    );
    expect(moved?.n).toBe('1');
  });

  it('opens the demo customers once, however many processes do it at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => ledger.demo.openDemoCustomers()));
    const debits = (customerId: string, value: bigint, currency: string) =>
      Promise.all(
        Array.from({ length: 20 }, () =>
          ledger.wallet.debit(aDebit(customerId, { amount: { currency, value } })),
        ),
      );
    for (const currency of ['HKD', 'JPY', 'BHD'])
      expect((await debits('customer-rich', 7n, currency)).map((answer) => answer.outcome)).toEqual(
        Array(20).fill('done'),
      );
    expect(await ledger.balanceOf('customer-rich', 'BHD')).toBe(10n ** 15n - 140n);
    const poor = await debits('customer-poor', 1n, 'HKD');
    expect(poor.filter((answer) => answer.outcome === 'done')).toHaveLength(1);
    for (const answer of await debits('customer-blocked', 1n, 'HKD'))
      expect(answer).toEqual({ outcome: 'refused', code: 'CUSTOMER_BLOCKED' });
    await ledger.demo.openDemoCustomers();
    expect(await ledger.balanceOf('customer-poor')).toBe(0n);
    expect(await ledger.books.check()).toEqual([]);
  });
});

/** The tables, and the later migrations that changed them. */
const LEDGER_MIGRATIONS = [
  WalletLedger1700000000200,
  OrderDebits1700000001300,
  LostRecords1700000001310,
  Refunds1700000001400,
];

describe('the migrations of the ledger', () => {
  it('can be undone and done again, and leaves nothing of itself behind', async () => {
    const database = await createTestDatabase({ empty: true });
    const dataSource = new DataSource({ type: 'postgres', url: database.url, migrations: [...MIGRATIONS] });
    const leftovers = () =>
      dataSource.query<{ name: string }[]>(
        `select relname as name from pg_class where relname like 'ledger%'
         union all select proname from pg_proc where proname like 'ledger%'`,
      );
    try {
      await dataSource.initialize();
      await dataSource.runMigrations({ transaction: 'each' });
      expect(await leftovers()).not.toEqual([]);
      const runner = dataSource.createQueryRunner();
      for (const made of [...LEDGER_MIGRATIONS].toReversed()) await new made().down(runner);
      expect(await leftovers()).toEqual([]);
      for (const made of LEDGER_MIGRATIONS) await new made().up(runner);
      await runner.release();
      expect(await leftovers()).not.toEqual([]);
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  });
});

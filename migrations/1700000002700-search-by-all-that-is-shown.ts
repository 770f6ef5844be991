import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Values that pages show, but that the search could not find so far. */
const INDEXES = [
  ['debit_ledger_reference_ix', 'debit (ledger_reference) where ledger_reference is not null'],
  ['refund_ledger_reference_ix', 'refund (ledger_reference) where ledger_reference is not null'],
  // The references of reversals; the row of the debit has only the reference of the debit.
  [
    'payment_history_ledger_reference_ix',
    `payment_history ((detail ->> 'ledgerReference')) where detail ? 'ledgerReference'`,
  ],
  ['payment_order_quote_ix', 'payment_order (quote_id) where quote_id is not null'],
] as const;

/**
 * The indexes are built while others write to the tables: each statement is a transaction of its own, and may run
 * twice.
 */
export class SearchByAllThatIsShown1700000002700 implements MigrationInterface {
  readonly name = 'SearchByAllThatIsShown1700000002700';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, on] of INDEXES) {
      // An index whose build was interrupted exists, is not used, and is still kept up to date by every writer.
      const broken: unknown[] = await runner.query(
        `select from pg_index where indexrelid = to_regclass($1) and not indisvalid`,
        [name],
      );
      if (broken.length > 0) await runner.query(`drop index concurrently if exists ${name}`);
      await runner.query(`create index concurrently if not exists ${name} on ${on}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of INDEXES) await runner.query(`drop index if exists ${name}`);
  }
}

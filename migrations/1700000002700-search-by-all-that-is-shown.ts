import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What pages show and nothing could be found by. */
const INDEXES = [
  ['debit_ledger_reference_ix', 'debit (ledger_reference) where ledger_reference is not null'],
  ['refund_ledger_reference_ix', 'refund (ledger_reference) where ledger_reference is not null'],
  // Of money given back: the row of the debit keeps the reference of the taking.
  [
    'payment_history_ledger_reference_ix',
    `payment_history ((detail ->> 'ledgerReference')) where detail ? 'ledgerReference'`,
  ],
  ['payment_order_quote_ix', 'payment_order (quote_id) where quote_id is not null'],
] as const;

/** Made beside the writers of the tables: each statement is a transaction of its own, and may have been run before. */
export class SearchByAllThatIsShown1700000002700 implements MigrationInterface {
  readonly name = 'SearchByAllThatIsShown1700000002700';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, on] of INDEXES) {
      // One that was being made when its process died is there, is not used, and is kept up to date by every writer.
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

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Constraints that earlier migrations added without checking the existing rows. */
const TO_VALIDATE = [
  ['payment_order', 'payment_order_held_ck'],
  ['inbound_exchange', 'inbound_exchange_api_ck'],
] as const;

/** A scan ends at its deadline although thousands before it wait for their decode. */
const SCAN_END = {
  name: 'scan_end_ix',
  on: `scan (gives_up_at) where status = 'PENDING'`,
};

/**
 * Statements that read a whole table while others write to it. Each is a transaction of its own, and may run twice:
 * what an interrupted start left unfinished is done again.
 */
export class WithoutALock1700000002200 implements MigrationInterface {
  readonly name = 'WithoutALock1700000002200';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const { name, on } = SCAN_END;
    // An index whose build was interrupted exists, is not used, and is still kept up to date by every writer.
    const broken: unknown[] = await runner.query(
      `select from pg_index where indexrelid = to_regclass($1) and not indisvalid`,
      [name],
    );
    if (broken.length > 0) await runner.query(`drop index concurrently if exists ${name}`);
    await runner.query(`create index concurrently if not exists ${name} on ${on}`);
    for (const [table, constraint] of TO_VALIDATE)
      await runner.query(`alter table ${table} validate constraint ${constraint}`);
  }

  /** The migrations that defined the index and the constraints undo them. */
  async down(): Promise<void> {}
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Constraints that earlier migrations add without reading the rows that are there. */
const TO_VALIDATE = [
  ['payment_order', 'payment_order_held_ck'],
  ['inbound_exchange', 'inbound_exchange_api_ck'],
] as const;

/** What has to end at its deadline does so although thousands wait before it to be asked for. */
const SCAN_END = {
  name: 'scan_end_ix',
  on: `scan (gives_up_at) where status = 'PENDING'`,
};

/**
 * What reads a whole table, beside the writers of the table: each statement is a transaction of its own, and may have been
 * run before. What an earlier start did not end is done again.
 */
export class WithoutALock1700000002200 implements MigrationInterface {
  readonly name = 'WithoutALock1700000002200';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const { name, on } = SCAN_END;
    // One that was being made when its process died is there, is not used, and is kept up to date by every writer.
    const broken: unknown[] = await runner.query(
      `select from pg_index where indexrelid = to_regclass($1) and not indisvalid`,
      [name],
    );
    if (broken.length > 0) await runner.query(`drop index concurrently if exists ${name}`);
    await runner.query(`create index concurrently if not exists ${name} on ${on}`);
    for (const [table, constraint] of TO_VALIDATE)
      await runner.query(`alter table ${table} validate constraint ${constraint}`);
  }

  /** The index and the constraints are undone where they were thought of. */
  async down(): Promise<void> {}
}

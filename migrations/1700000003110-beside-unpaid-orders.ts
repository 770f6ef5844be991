import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each is read by an index of its own, which the previous version has. */
const UNPAID = [
  ...['AWAITING_CONFIRMATION', 'HELD', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'].map(
    (status) => `status = '${status}'`,
  ),
  `status = 'PAID' and cancel_requested_at is not null`,
];

/**
 * Copies a batch of orders. One that another transaction has locked is skipped, so that neither waits for the other: if
 * that transaction changes the order, it writes the row itself.
 */
const copied = (condition: string, after: Last | undefined): string => `
  with batch as materialized (
    select status, created_at, payment_id, expires_at, cancel_requested_at from payment_order
    where ${condition}
      ${after ? `and (created_at, payment_id) > ('${after.created_at}'::timestamptz, '${after.payment_id}'::uuid)` : ''}
    order by created_at, payment_id limit 500 for no key update skip locked),
  copies as (
    insert into unpaid_order (status, created_at, payment_id, expires_at, cancel_requested_at)
    select * from batch on conflict do nothing)
  select created_at::text, payment_id from batch order by batch.created_at desc, payment_id desc limit 1`;

/** Orders that were locked but not changed. */
const missed = (condition: string): string => `
  select from (select * from payment_order where ${condition}) o
  where not exists (select from unpaid_order u
    where u.status = o.status and u.created_at = o.created_at and u.payment_id = o.payment_id) limit 1`;

interface Last {
  readonly created_at: string;
  readonly payment_id: string;
}

/** Indexes that replace others. The previous version can use these as well. */
const REPLACED = [
  // Read for the last hour or day, in the order of time: a block range index (BRIN) costs the writers next to nothing.
  {
    name: 'debit_time_ix',
    on: 'debit using brin (created_at) with (pages_per_range = 32, autosummarize)',
    instead: 'debit_created_ix',
  },
  {
    name: 'decode_exchange_time_ix',
    on: 'decode_exchange using brin (finished_at) with (pages_per_range = 32, autosummarize)',
    instead: 'decode_exchange_finished_ix',
  },
  // Pending ones have indexes of their own, and nearly all scans are decoded a moment later.
  {
    name: 'scan_failed_ix',
    on: `scan (status, created_at, scan_id) where status in ('REJECTED', 'GIVEN_UP')`,
    instead: 'scan_status_ix',
  },
  // A pending scan has no order.
  {
    name: 'scan_order_ix',
    on: 'scan (payment_id) where payment_id is not null',
    instead: 'scan_payment_ix',
  },
  // The previous version searches by this for a scan that may also be pending.
  { name: 'scan_ended_code_ix', on: `scan (code_hash, created_at) where status <> 'PENDING'` },
] as const;

/** Fills the table of unpaid orders and builds lighter indexes, while others write; each statement may run twice. */
export class BesideUnpaidOrders1700000003110 implements MigrationInterface {
  readonly name = 'BesideUnpaidOrders1700000003110';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const condition of UNPAID) await copyAll(runner, condition);
    for (const { name, on, ...index } of REPLACED) {
      // An index whose build was interrupted exists, is not used, and is still kept up to date by every writer.
      const broken: unknown[] = await runner.query(
        `select from pg_index where indexrelid = to_regclass($1) and not indisvalid`,
        [name],
      );
      if (broken.length > 0) await runner.query(`drop index concurrently if exists ${name}`);
      await runner.query(`create index concurrently if not exists ${name} on ${on}`);
      if ('instead' in index) await runner.query(`drop index concurrently if exists ${index.instead}`);
    }
    // With free space on its page, an update of an order touches no index and logs only the changed part. One
    // transaction may update all rows of a page, and cannot reuse the space of the versions it leaves behind.
    await runner.query('alter table payment_order set (fillfactor = 50)');
    await runner.query('alter table notification set (fillfactor = 50)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table payment_order reset (fillfactor);
      alter table notification set (fillfactor = 70);
      create index debit_created_ix on debit (created_at);
      create index decode_exchange_finished_ix on decode_exchange (finished_at);
      create index scan_status_ix on scan (status, created_at, scan_id) where status <> 'DECODED';
      create index scan_payment_ix on scan (payment_id);
      drop index debit_time_ix, decode_exchange_time_ix, scan_failed_ix, scan_order_ix, scan_ended_code_ix;
    `);
  }
}

async function copyAll(runner: QueryRunner, condition: string): Promise<void> {
  for (;;) {
    let last: Last | undefined;
    do {
      [last] = (await runner.query(copied(condition, last))) as [Last?]; // the columns that the statement names
    } while (last);
    const left: unknown[] = await runner.query(missed(condition));
    if (left.length === 0) return;
    await runner.query('select pg_sleep(0.1)');
  }
}

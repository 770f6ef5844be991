import type { MigrationInterface, QueryRunner } from 'typeorm';

const PAYMENT_ORDER = `
  -- The orders and filters of operators (docs/adr/0010-searching-millions-of-orders.md). Each index ends in the keys
  -- of the page cursor, so that a page begins where the previous one ended and no rows are sorted.
  create index payment_order_time_ix on payment_order (created_at, payment_id);
  -- Nearly all orders are paid: those are found by their time.
  create index payment_order_status_ix on payment_order (status, created_at, payment_id) where status <> 'PAID';
  drop index payment_order_held_ix;
  create index payment_order_acquirer_ix on payment_order (acquirer_id, created_at, payment_id);
  create index payment_order_merchant_ix on payment_order (merchant_id, created_at, payment_id);
  create index payment_order_merchant_name_ix on payment_order
    (left(lower(merchant_name), 64) text_pattern_ops, created_at, payment_id);
  create index payment_order_currency_ix on payment_order (pay_currency, created_at, payment_id);
  -- The size of an index entry is limited, an amount is not: amounts above 30 digits sort as equal.
  create index payment_order_amount_ix on payment_order
    (pay_currency, least(pay_value, '1000000000000000000000000000000'::numeric), payment_id);
`;

const SCAN = `
  create index scan_time_ix on scan (created_at, scan_id);
  drop index scan_created_ix;
  create index scan_status_ix on scan (status, created_at, scan_id) where status <> 'DECODED';
  create index scan_result_ix on scan (result_code, created_at, scan_id) where result_code is not null;
`;

const NOTIFICATION = `
  create index notification_time_ix on notification (created_at, payment_id);
  drop index notification_created_ix;
  -- The index includes the id, so undelivered results can be listed without reading their rows.
  drop index notification_undelivered_ix;
  create index notification_undelivered_ix on notification (status, created_at, payment_id)
    where status <> 'DELIVERED';
`;

/** Indexes for the operators' searches; they hold no data of their own. */
export class OperationsSearch1700000000700 implements MigrationInterface {
  readonly name = 'OperationsSearch1700000000700';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [PAYMENT_ORDER, SCAN, NOTIFICATION]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index payment_order_time_ix, payment_order_status_ix, payment_order_acquirer_ix, payment_order_merchant_ix,
        payment_order_merchant_name_ix, payment_order_currency_ix, payment_order_amount_ix,
        scan_time_ix, scan_status_ix, scan_result_ix, notification_time_ix, notification_undelivered_ix;
      create index notification_undelivered_ix on notification (status, created_at) where status <> 'DELIVERED';
      create index notification_created_ix on notification (created_at);
      create index scan_created_ix on scan (created_at);
      create index payment_order_held_ix on payment_order (created_at) where status = 'HELD';
    `);
  }
}

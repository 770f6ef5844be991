import type { MigrationInterface, QueryRunner } from 'typeorm';
import { UNPAID_TRIGGER } from './1700000003100-unpaid-orders.js';
import { NEEDED_BEFORE } from './release-steps.js';

/**
 * Where there is no order yet, no previous version is running, and nothing has to be kept for one. The columns that
 * change while an order is paid are placed side by side, and the long ones after them: PostgreSQL logs an update from
 * the first changed byte to the last.
 */
const WITHOUT_ORDERS = `
  do $$ begin
    lock table payment_order, scan in access exclusive mode;
    if exists (select from payment_order) or exists (select from scan) then
      return;
    end if;

    drop index if exists ${NEEDED_BEFORE.join(', ')};
    alter table payment_order drop column status cascade, drop column sealed_content, drop column traceparent;
    alter table payment_order
      add column status text not null,
      add column sealed_content bytea,
      add column traceparent text,
      add constraint payment_order_status_ck check (status in
        ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING', 'PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')),
      add constraint payment_order_result_ck check (
        (status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')) =
        (result_status is not null and result_code is not null and finished_at is not null)),
      add constraint payment_order_result_status_ck check (
        result_status is null or (result_status = 'S') = (status = 'PAID')),
      add constraint payment_order_held_ck check (
        held_reason is null or status in ('HELD', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'));
    create trigger payment_order_guard_tr before update of status on payment_order
      for each row when (old.status is distinct from new.status) execute function payment_order_guard();
    create constraint trigger payment_order_told_tr after insert or update of status on payment_order
      deferrable initially deferred for each row
      when (new.status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'))
      execute function payment_order_told();
    create constraint trigger payment_order_released_tr after update of status on payment_order
      deferrable initially deferred for each row
      when (old.status = 'HELD' and new.status = 'AWAITING_CONFIRMATION')
      execute function payment_order_released();
    ${UNPAID_TRIGGER}
  end $$;
`;

/** Drops what only the previous version needs, where it cannot be running; elsewhere `mpp migrate --finish` does. */
export class LightOrders1700000003120 implements MigrationInterface {
  readonly name = 'LightOrders1700000003120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WITHOUT_ORDERS);
  }

  /** The order of the columns stays; nothing depends on it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index if not exists payment_order_status_ix on payment_order (status, created_at, payment_id)
        where status <> 'PAID';
      create index if not exists payment_order_expiry_ix on payment_order (expires_at)
        where status in ('AWAITING_CONFIRMATION', 'HELD');
      create index if not exists payment_order_cancel_ix on payment_order (cancel_requested_at)
        where cancel_requested_at is not null and status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID');
      create index if not exists scan_code_ix on scan (code_hash, created_at);
    `);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Depends on the columns it names, and must be made again when one of them is. */
export const UNPAID_TRIGGER = `
  -- Not when a debit ends as paid: such an order is in the table neither before nor after.
  create trigger payment_order_unpaid_tr after update of status, created_at, expires_at, cancel_requested_at on payment_order
    for each row when ((old.status, old.created_at, old.expires_at, old.cancel_requested_at)
        is distinct from (new.status, new.created_at, new.expires_at, new.cancel_requested_at)
      and (old.status <> 'DEBITING' or new.status <> 'PAID' or new.cancel_requested_at is not null))
    execute function payment_order_unpaid();
`;

const TABLE = `
  -- Orders that are searched by their status or their times: all but those being debited and those paid. A paid
  -- order is here while a cancel reverses it. Kept by triggers, so that no statement can forget it.
  --
  -- A table of its own, because an update of a column that is in an index, or in its condition, writes all indexes
  -- of its table. A paid order is updated twice, and its row is in a dozen indexes.
  create table unpaid_order (
    status              text        not null,
    created_at          timestamptz not null,
    payment_id          uuid        not null,
    expires_at          timestamptz not null,
    cancel_requested_at timestamptz,
    constraint unpaid_order_pk primary key (status, created_at, payment_id),
    constraint unpaid_order_status_ck check (status <> 'DEBITING' and (status <> 'PAID' or cancel_requested_at is not null))
  );
  create index unpaid_order_expiry_ix on unpaid_order (expires_at) where status in ('AWAITING_CONFIRMATION', 'HELD');
  create index unpaid_order_cancel_ix on unpaid_order (cancel_requested_at)
    where cancel_requested_at is not null and status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID');
`;

const TRIGGERS = `
  create function is_unpaid(status text, cancel_requested_at timestamptz) returns boolean language sql immutable parallel safe
    as $$ select status <> 'DEBITING' and (status <> 'PAID' or cancel_requested_at is not null) $$;

  create function payment_order_unpaid() returns trigger language plpgsql as $$
  begin
    if tg_op <> 'INSERT' then
      delete from unpaid_order
      where status = old.status and created_at = old.created_at and payment_id = old.payment_id;
    end if;
    if tg_op <> 'DELETE' and is_unpaid(new.status, new.cancel_requested_at) then
      insert into unpaid_order (status, created_at, payment_id, expires_at, cancel_requested_at)
        values (new.status, new.created_at, new.payment_id, new.expires_at, new.cancel_requested_at);
    end if;
    return null;
  end $$;
  create trigger payment_order_unpaid_made_tr after insert or delete on payment_order
    for each row execute function payment_order_unpaid();
  ${UNPAID_TRIGGER}
`;

/** Orders that are searched by their status or times, apart from the wide table in which nearly all are paid. */
export class UnpaidOrders1700000003100 implements MigrationInterface {
  readonly name = 'UnpaidOrders1700000003100';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TABLE, TRIGGERS]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger payment_order_unpaid_tr on payment_order;
      drop trigger payment_order_unpaid_made_tr on payment_order;
      drop function payment_order_unpaid(), is_unpaid(text, timestamptz);
      drop table unpaid_order;
    `);
  }
}

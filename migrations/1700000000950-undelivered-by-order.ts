import type { MigrationInterface, QueryRunner } from 'typeorm';

const ORDERED_AT = `
  -- The time at which the order was made. Operators list payments by it, and ask for those with an undelivered
  -- result: with the time here too, one index finds them in this order. It never changes. Results delivered before this
  -- migration are not in the index and stay without it: updating them all would lock a large table for minutes.
  alter table notification add column ordered_at timestamptz;
  update notification n set ordered_at = o.created_at from payment_order o
    where o.payment_id = n.payment_id and n.status <> 'DELIVERED';
  alter table notification add constraint notification_ordered_ck
    check (status = 'DELIVERED' or ordered_at is not null);

  -- For a process of the previous version, which does not know the column, during a rolling deploy.
  create function notification_ordered() returns trigger language plpgsql as $$
  begin
    select created_at into new.ordered_at from payment_order where payment_id = new.payment_id;
    return new;
  end $$;
  create trigger notification_ordered_tr before insert on notification for each row
    when (new.ordered_at is null) execute function notification_ordered();

  create index notification_undelivered_order_ix on notification (status, ordered_at, payment_id)
    where status <> 'DELIVERED';
`;

/** Finds payments with an undelivered result in the order in which they were made. */
export class UndeliveredByOrder1700000000950 implements MigrationInterface {
  readonly name = 'UndeliveredByOrder1700000000950';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ORDERED_AT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger notification_ordered_tr on notification;
      drop function notification_ordered();
      drop index notification_undelivered_order_ix;
      alter table notification drop column ordered_at;
    `);
  }
}

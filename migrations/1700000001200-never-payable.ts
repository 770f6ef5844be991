import type { MigrationInterface, QueryRunner } from 'typeorm';

const guard = (moves: string): string => `
  create or replace function payment_order_guard() returns trigger language plpgsql as $$
  begin
    if (old.status, new.status) not in (
      ('AWAITING_CONFIRMATION', 'DEBITING'), ('AWAITING_CONFIRMATION', 'DECLINED'),
      ('AWAITING_CONFIRMATION', 'EXPIRED'), ('AWAITING_CONFIRMATION', 'CANCELLED'),
      ('HELD', 'AWAITING_CONFIRMATION'), ('HELD', 'EXPIRED'), ('HELD', 'CANCELLED'),${moves}
      ('DEBITING', 'AWAITING_CONFIRMATION'), ('DEBITING', 'PAID'), ('DEBITING', 'FAILED'),
      ('DEBITING', 'EXPIRED'), ('DEBITING', 'CANCELLED'), ('PAID', 'CANCELLED'))
    then
      raise exception 'a payment order may not go from % to %', old.status, new.status
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end $$;
`;

/** Existing rows are not checked, since no process could write such a row before; a later migration validates them. */
const held = (statuses: string): string => `
  alter table payment_order drop constraint payment_order_held_ck;
  alter table payment_order add constraint payment_order_held_ck
    check (held_reason is null or status in (${statuses})) not valid;
`;

/** A held order ends at once when it can never be paid, or when its payer declines. */
export class NeverPayable1700000001200 implements MigrationInterface {
  readonly name = 'NeverPayable1700000001200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(guard(` ('HELD', 'FAILED'), ('HELD', 'DECLINED'),`));
    await runner.query(held(`'HELD', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(guard(''));
    // Orders that ended so keep their reason, and the amounts that they lack.
    await runner.query(held(`'HELD', 'EXPIRED', 'CANCELLED'`));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const ACTION = `
  -- The acts of operators, refused ones included: who, when, why, and the payment's state before and after.
  create table operator_action (
    action_id  bigint generated always as identity,
    payment_id uuid        not null,
    at         timestamptz not null,
    actor      text        not null,
    act        text        not null,
    reason     text        not null,
    outcome    text        not null,
    why        text,
    before     jsonb       not null,
    after      jsonb,
    constraint operator_action_pk primary key (action_id),
    constraint operator_action_payment_fk foreign key (payment_id) references payment_order (payment_id),
    constraint operator_action_act_ck check (act in ('redeliver', 'ask-ledger', 'close', 'release')),
    constraint operator_action_outcome_ck check (outcome in ('DONE', 'ASKED', 'UNCHANGED', 'REFUSED')),
    constraint operator_action_reason_ck check (char_length(reason) between 1 and 200),
    constraint operator_action_why_ck check ((outcome in ('UNCHANGED', 'REFUSED')) = (why is not null))
  );
  create index operator_action_payment_ix on operator_action (payment_id, action_id);
  create trigger operator_action_append_only_tr before update or delete on operator_action
    for each row execute function refuse_change();
`;

const RELEASE = `
  -- A held order can be neither payable nor paid: a release has to remove the reason, and payment_order_payable_ck
  -- then requires every amount.
  alter table payment_order add constraint payment_order_held_ck
    check (held_reason is null or status in ('HELD', 'EXPIRED', 'CANCELLED'));

  -- A release without an operator action cannot be committed.
  create function payment_order_released() returns trigger language plpgsql as $$
  begin
    if not exists (select 1 from operator_action
                   where payment_id = new.payment_id and act = 'release' and outcome = 'DONE') then
      raise exception 'payment order % was released by nobody', new.payment_id
        using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$;
  create constraint trigger payment_order_released_tr after update of status on payment_order
    deferrable initially deferred for each row
    when (old.status = 'HELD' and new.status = 'AWAITING_CONFIRMATION')
    execute function payment_order_released();
`;

const FIGURES = `
  -- For the summary: the last day of each stage, and the held orders.
  create index scan_created_ix on scan (created_at);
  create index decode_exchange_finished_ix on decode_exchange (finished_at);
  create index debit_created_ix on debit (created_at);
  create index notification_created_ix on notification (created_at);
  create index payment_order_held_ix on payment_order (created_at) where status = 'HELD';
`;

/** The acts of operators on a payment, kept for ever, and indexes for the summary of all payments. */
export class OperatorActs1700000000600 implements MigrationInterface {
  readonly name = 'OperatorActs1700000000600';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [ACTION, RELEASE, FIGURES]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index scan_created_ix, decode_exchange_finished_ix, debit_created_ix, notification_created_ix,
        payment_order_held_ix;
      drop trigger payment_order_released_tr on payment_order;
      drop function payment_order_released();
      alter table payment_order drop constraint payment_order_held_ck;
      drop table operator_action;
    `);
  }
}

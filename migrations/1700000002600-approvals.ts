import type { MigrationInterface, QueryRunner } from 'typeorm';

const APPROVAL = `
  -- The proposal of one operator, on which a second one has to decide: the act, who, why, and the outcome.
  create table approval (
    approval_id     uuid        not null,
    action          text        not null,
    payment_id      uuid,
    targets         text[]      not null,
    effect          text        not null,
    -- The newest line of the payment's history; any later line makes the proposal void.
    history_id      bigint,
    status          text        not null,
    proposed_at     timestamptz not null,
    proposed_by     text        not null,
    proposer_name   text        not null,
    proposer_person text,
    reason          text        not null,
    expires_at      timestamptz not null,
    decided_at      timestamptz,
    decided_by      text,
    decider_name    text,
    decider_person  text,
    decision_reason text,
    ended_at        timestamptz,
    why             text,
    constraint approval_pk primary key (approval_id),
    constraint approval_payment_fk foreign key (payment_id) references payment_order (payment_id),
    constraint approval_action_ck check (action in
      ('redeliver', 'ask-ledger', 'close', 'release', 'redeliver-many', 'resend-events')),
    constraint approval_status_ck check (status in ('PROPOSED', 'APPROVED', 'REJECTED', 'DONE', 'NOT_DONE')),
    constraint approval_payment_ck check ((payment_id is null) = (action in ('redeliver-many', 'resend-events'))
      and (payment_id is null) = (history_id is null)),
    constraint approval_reason_ck check (char_length(reason) between 1 and 200),
    constraint approval_decision_ck check ((status = 'PROPOSED') = (decided_at is null)
      and (decided_at is null) = (decided_by is null) and (decided_at is null) = (decider_name is null)
      and (decided_at is null) = (decision_reason is null)
      and (decision_reason is null or char_length(decision_reason) between 1 and 200)),
    constraint approval_second_person_ck check (decided_at is null
      or (lower(coalesce(proposer_person, proposer_name)) <> lower(coalesce(decider_person, decider_name))
        and (lower(proposer_name) <> lower(decider_name) or (proposer_person is not null and decider_person is not null)))),
    constraint approval_end_ck check ((status in ('DONE', 'NOT_DONE')) = (ended_at is not null)
      and (why is null or status = 'NOT_DONE'))
  );
  create index approval_time_ix on approval (proposed_at, approval_id);
  create index approval_payment_ix on approval (payment_id, proposed_at) where payment_id is not null;

  -- A proposal and a decision never change; only the next step may be added.
  create function approval_guard() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      raise exception 'an approval is not deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if (old.status, new.status) not in (('PROPOSED', 'APPROVED'), ('PROPOSED', 'REJECTED'), ('APPROVED', 'DONE'),
        ('APPROVED', 'NOT_DONE'))
      or (old.approval_id, old.action, old.payment_id, old.targets, old.effect, old.history_id, old.proposed_at,
        old.proposed_by, old.proposer_name, old.proposer_person, old.reason, old.expires_at) is distinct from
        (new.approval_id, new.action, new.payment_id, new.targets, new.effect, new.history_id, new.proposed_at,
        new.proposed_by, new.proposer_name, new.proposer_person, new.reason, new.expires_at)
      or (old.status = 'APPROVED' and
        (old.decided_at, old.decided_by, old.decider_name, old.decider_person, old.decision_reason) is distinct from
        (new.decided_at, new.decided_by, new.decider_name, new.decider_person, new.decision_reason)) then
      raise exception 'approval % cannot become % in this way', old.approval_id, new.status
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end $$;
  create trigger approval_guard_tr before update or delete on approval
    for each row execute function approval_guard();

  do $$ begin
    if exists (select from pg_roles where rolname = 'mpp_run') then
      revoke delete, truncate on approval from mpp_run;
    end if;
  end $$;
`;

/** Acts that need a second person, from proposal to outcome. */
export class Approvals1700000002600 implements MigrationInterface {
  readonly name = 'Approvals1700000002600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(APPROVAL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table approval; drop function approval_guard();');
  }
}

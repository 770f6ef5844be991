import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  -- The receivers, as the last worker that started read them from its settings. Without a row no event is written.
  create table event_endpoint (
    name  text   not null,
    types text[],
    constraint event_endpoint_pk primary key (name)
  );

  -- One row for each change of a payment that is sent to the wallet's back end, written together with the change.
  -- Its number orders the events of one payment; receivers know it by its id, which is never reused after lost commits.
  create table wallet_event (
    sequence   bigint      not null generated always as identity,
    event_id   uuid        not null,
    type       text        not null,
    payment_id uuid,
    scan_id    uuid,
    history_id bigint,
    at         timestamptz not null,
    body       bytea,
    spread_at  timestamptz,
    constraint wallet_event_pk primary key (sequence),
    constraint wallet_event_id_uq unique (event_id),
    constraint wallet_event_history_uq unique (history_id),
    constraint wallet_event_type_ck check (type in ('payment.decoded', 'payment.held', 'payment.released',
      'payment.debiting', 'payment.reopened', 'payment.paid', 'payment.failed', 'payment.declined', 'payment.expired',
      'payment.cancelled', 'payment.reversed', 'payment.refund_requested', 'payment.refunded',
      'payment.refund_refused', 'scan.rejected', 'scan.given_up')),
    constraint wallet_event_about_ck check (
      num_nonnulls(payment_id, scan_id) = 1 and (payment_id is null) = (history_id is null))
  );
  create index wallet_event_unspread_ix on wallet_event (sequence) where spread_at is null;
  create index wallet_event_at_ix on wallet_event (at, event_id);
  create unique index wallet_event_scan_uq on wallet_event (scan_id) where scan_id is not null;

  -- One row for each endpoint that an event is sent to.
  create table event_delivery (
    delivery_id     bigint      not null generated always as identity,
    event_id        uuid        not null,
    sequence        bigint      not null,
    subject_id      uuid        not null,
    endpoint        text        not null,
    status          text        not null,
    tries           integer     not null default 0,
    schedule_from   integer     not null default 0,
    next_attempt_at timestamptz,
    lease_until     timestamptz,
    gives_up_at     timestamptz not null,
    last_outcome    text,
    requested_by    text,
    delivered_at    timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint event_delivery_pk primary key (delivery_id),
    constraint event_delivery_uq unique (event_id, endpoint),
    constraint event_delivery_event_fk foreign key (event_id) references wallet_event (event_id) on delete cascade,
    constraint event_delivery_status_ck check (status in ('PENDING', 'DELIVERED', 'PARKED')),
    constraint event_delivery_due_ck check ((status = 'PENDING') = (next_attempt_at is not null)),
    constraint event_delivery_delivered_ck check (status <> 'DELIVERED' or delivered_at is not null)
  );
  create index event_delivery_due_ix on event_delivery (endpoint, next_attempt_at) where next_attempt_at is not null;
  create index event_delivery_order_ix on event_delivery (subject_id, endpoint, sequence)
    where next_attempt_at is not null;
  create index event_delivery_end_ix on event_delivery (gives_up_at) where next_attempt_at is not null;
  create index event_delivery_undelivered_ix on event_delivery (status, endpoint, created_at)
    where status <> 'DELIVERED';

  -- Requests of operators to resend: append-only, and deleted with the event.
  create table event_resend (
    resend_id bigint      not null generated always as identity,
    event_id  uuid        not null,
    endpoint  text        not null,
    at        timestamptz not null,
    actor     text        not null,
    reason    text        not null,
    constraint event_resend_pk primary key (resend_id),
    constraint event_resend_event_fk foreign key (event_id) references wallet_event (event_id) on delete cascade
  );
  create index event_resend_event_ix on event_resend (event_id, resend_id);
`;

const WRITTEN_WITH_THE_CHANGE = `
  -- Which lines of the history are events. Every move of an order writes its line in the same statement, so no
  -- change can be without its event.
  create function payment_event_type(event text, to_status text) returns text language sql immutable parallel safe as $$
    select case event
      when 'DECODED' then case to_status when 'HELD' then 'payment.held' else 'payment.decoded' end
      when 'RELEASED' then 'payment.released'
      when 'CONFIRMED' then 'payment.debiting'
      when 'LEDGER_ASKED' then 'payment.debiting'
      when 'REOPENED' then 'payment.reopened'
      when 'DEBITED' then 'payment.paid'
      when 'REFUSED' then 'payment.failed'
      when 'UNPAYABLE' then 'payment.failed'
      when 'DECLINED' then 'payment.declined'
      when 'EXPIRED' then 'payment.expired'
      when 'TOO_LATE' then 'payment.expired'
      when 'CANCELLED' then 'payment.cancelled'
      when 'REVERSED' then 'payment.reversed'
      when 'REFUND_REQUESTED' then 'payment.refund_requested'
      when 'REFUNDED' then 'payment.refunded'
      when 'REFUND_REFUSED' then 'payment.refund_refused'
    end $$;

  create function payment_history_event() returns trigger language plpgsql as $$
  declare
    event_type text := payment_event_type(new.event, new.to_status);
  begin
    if event_type is not null
      and exists (select from event_endpoint where types is null or event_type = any (types))
    then
      insert into wallet_event (event_id, type, payment_id, history_id, at)
        values (gen_random_uuid(), event_type, new.payment_id, new.history_id, new.at);
    end if;
    return null;
  end $$;
  create trigger payment_history_event_tr after insert on payment_history
    for each row execute function payment_history_event();

  create function scan_event() returns trigger language plpgsql as $$
  declare
    event_type text := case new.status when 'REJECTED' then 'scan.rejected' else 'scan.given_up' end;
  begin
    if exists (select from event_endpoint where types is null or event_type = any (types)) then
      insert into wallet_event (event_id, type, scan_id, at) values (gen_random_uuid(), event_type, new.scan_id, new.updated_at);
    end if;
    return null;
  end $$;
  create trigger scan_event_tr after update of status on scan
    for each row when (old.status = 'PENDING' and new.status in ('REJECTED', 'GIVEN_UP'))
    execute function scan_event();
`;

/** Events to the wallet's back end: their rows are written with the changes themselves. */
export class WalletEvents1700000002400 implements MigrationInterface {
  readonly name = 'WalletEvents1700000002400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(WRITTEN_WITH_THE_CHANGE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger scan_event_tr on scan;
      drop trigger payment_history_event_tr on payment_history;
      drop function scan_event(), payment_history_event(), payment_event_type(text, text);
      drop table event_resend, event_delivery, wallet_event, event_endpoint;
    `);
  }
}

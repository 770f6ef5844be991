import type { MigrationInterface, QueryRunner } from 'typeorm';

const CLOCK = `
  -- The only clock for every decision about time. A function, so that a test can move it.
  create function db_now() returns timestamptz language sql volatile parallel safe
    as $$ select clock_timestamp() $$;

  -- When a notification of an order that ended at this time is parked: 08:00 at UTC+8 on the following day, the hour
  -- at which clearing of the day has begun (protocol notes, clocks).
  create function notification_end(finished timestamptz) returns timestamptz language sql immutable parallel safe
    as $$ select (date_trunc('day', finished at time zone interval '+08:00') + interval '1 day 8 hours')
      at time zone interval '+08:00' $$;

  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
  end $$;
`;

const PAYMENT_ORDER = `
  create table payment_order (
    payment_id          uuid        not null,
    payment_request_id  text        not null,
    customer_id         text        not null,
    status              text        not null,
    scenario            text        not null,
    acquirer_id         text,
    psp_id              text,
    reference_order_id  text,
    merchant_id         text,
    merchant_name       text,
    payment_currency    char(3),
    payment_value       numeric,
    pay_to_currency     char(3),
    pay_to_value        numeric,
    pay_currency        char(3),
    pay_value           numeric,
    quote_id            text,
    quote_expires_at    timestamptz,
    expires_at          timestamptz not null,
    notify_url          text        not null,
    content             jsonb       not null,
    content_sha256      bytea       not null,
    content_conflict    boolean     not null default false,
    held_reason         text,
    amount_flag         text,
    cancel_requested_at timestamptz,
    debit_count         integer     not null default 0,
    result_status       char(1),
    result_code         text,
    result_message      text,
    payment_time        text,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    finished_at         timestamptz,
    constraint payment_order_pk primary key (payment_id),
    constraint payment_order_request_uq unique (payment_request_id),
    constraint payment_order_request_ck check (char_length(payment_request_id) between 1 and 64),
    constraint payment_order_customer_ck check (char_length(customer_id) between 1 and 64),
    constraint payment_order_status_ck check (status in
      ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING', 'PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')),
    constraint payment_order_scenario_ck check (scenario in ('MERCHANT_PRESENTED', 'CASHIER', 'OTHER')),
    constraint payment_order_payable_ck check (held_reason is not null or
      (payment_value is not null and pay_to_value is not null and pay_value is not null
       and payment_currency is not null and pay_to_currency is not null and pay_currency is not null)),
    constraint payment_order_amounts_ck check (
      (payment_value is null or (payment_value >= 1 and payment_value = trunc(payment_value))) and
      (pay_to_value is null or (pay_to_value >= 1 and pay_to_value = trunc(pay_to_value))) and
      (pay_value is null or (pay_value >= 1 and pay_value = trunc(pay_value)))),
    constraint payment_order_result_ck check (
      (status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')) =
      (result_status is not null and result_code is not null and finished_at is not null)),
    constraint payment_order_result_status_ck check (
      result_status is null or (result_status = 'S') = (status = 'PAID'))
  );
  create index payment_order_customer_ix on payment_order (customer_id, created_at);
  create index payment_order_reference_ix on payment_order (reference_order_id);
  create index payment_order_expiry_ix on payment_order (expires_at)
    where status in ('AWAITING_CONFIRMATION', 'HELD');

  create function payment_order_guard() returns trigger language plpgsql as $$
  begin
    if (old.status, new.status) not in (
      ('AWAITING_CONFIRMATION', 'DEBITING'), ('AWAITING_CONFIRMATION', 'DECLINED'),
      ('AWAITING_CONFIRMATION', 'EXPIRED'), ('AWAITING_CONFIRMATION', 'CANCELLED'),
      ('HELD', 'AWAITING_CONFIRMATION'), ('HELD', 'EXPIRED'), ('HELD', 'CANCELLED'),
      ('DEBITING', 'AWAITING_CONFIRMATION'), ('DEBITING', 'PAID'), ('DEBITING', 'FAILED'),
      ('DEBITING', 'EXPIRED'), ('DEBITING', 'CANCELLED'), ('PAID', 'CANCELLED'))
    then
      raise exception 'a payment order may not go from % to %', old.status, new.status
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end $$;
  create trigger payment_order_guard_tr before update of status on payment_order
    for each row when (old.status is distinct from new.status) execute function payment_order_guard();
`;

const HISTORY = `
  create table payment_history (
    history_id  bigint generated always as identity,
    payment_id  uuid        not null,
    at          timestamptz not null,
    event       text        not null,
    from_status text,
    to_status   text        not null,
    actor       text        not null,
    detail      jsonb,
    constraint payment_history_pk primary key (history_id),
    constraint payment_history_payment_fk foreign key (payment_id) references payment_order (payment_id)
  );
  create index payment_history_payment_ix on payment_history (payment_id, history_id);
  create trigger payment_history_append_only_tr before update or delete on payment_history
    for each row execute function refuse_change();
`;

const SCAN = `
  create table scan (
    scan_id         uuid        not null,
    customer_id     text        not null,
    code_hash       bytea       not null,
    request_body    bytea       not null,
    status          text        not null,
    result_code     text,
    unknown_reason  text,
    payment_id      uuid,
    tries           integer     not null default 0,
    next_attempt_at timestamptz,
    lease_until     timestamptz,
    gives_up_at     timestamptz not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint scan_pk primary key (scan_id),
    constraint scan_payment_fk foreign key (payment_id) references payment_order (payment_id),
    constraint scan_customer_ck check (char_length(customer_id) between 1 and 64),
    constraint scan_code_hash_ck check (octet_length(code_hash) = 32),
    constraint scan_status_ck check (status in ('PENDING', 'DECODED', 'REJECTED', 'GIVEN_UP')),
    constraint scan_due_ck check ((status = 'PENDING') = (next_attempt_at is not null)),
    constraint scan_decoded_ck check ((status = 'DECODED') = (payment_id is not null)),
    constraint scan_rejected_ck check (status <> 'REJECTED' or result_code is not null)
  );
  -- One decode in flight per code, whoever scanned it.
  create unique index scan_in_flight_uq on scan (code_hash) where status = 'PENDING';
  create index scan_code_ix on scan (code_hash, created_at);
  create index scan_customer_ix on scan (customer_id, created_at);
  create index scan_payment_ix on scan (payment_id);
  create index scan_due_ix on scan (next_attempt_at) where status = 'PENDING';

  create table decode_exchange (
    exchange_id  bigint generated always as identity,
    scan_id      uuid        not null,
    attempt      integer     not null,
    finished_at  timestamptz not null,
    duration_ms  integer     not null,
    outcome      text        not null,
    reason       text,
    result_code  text,
    http_status  integer,
    request_time text        not null,
    key_version  text        not null,
    answer       bytea,
    constraint decode_exchange_pk primary key (exchange_id),
    constraint decode_exchange_scan_fk foreign key (scan_id) references scan (scan_id),
    constraint decode_exchange_outcome_ck check (outcome in ('accepted', 'rejected', 'unknown'))
  );
  create index decode_exchange_scan_ix on decode_exchange (scan_id, exchange_id);
  create trigger decode_exchange_append_only_tr before update on decode_exchange
    for each row execute function refuse_change();

  -- One row: until this time nobody calls Alipay+ for a decode, because it answered that we call too often.
  create table decode_pause (
    pause_id    smallint    not null,
    until       timestamptz not null,
    constraint decode_pause_pk primary key (pause_id),
    constraint decode_pause_single_ck check (pause_id = 1)
  );
  insert into decode_pause (pause_id, until) values (1, 'epoch');
`;

const DEBIT = `
  create table debit (
    debit_id         uuid        not null,
    payment_id       uuid        not null,
    sequence         integer     not null,
    customer_id      text        not null,
    currency         char(3)     not null,
    value            numeric     not null,
    quote_id         text,
    not_after        timestamptz not null,
    status           text        not null,
    refusal_code     text,
    ledger_reference text,
    unknown_reason   text,
    tries            integer     not null default 0,
    next_attempt_at  timestamptz,
    lease_until      timestamptz,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    constraint debit_pk primary key (debit_id),
    constraint debit_sequence_uq unique (payment_id, sequence),
    constraint debit_payment_fk foreign key (payment_id) references payment_order (payment_id),
    constraint debit_value_ck check (value >= 1 and value = trunc(value)),
    constraint debit_status_ck check (status in
      ('INTENDED', 'DEBITED', 'REFUSED', 'IN_DOUBT', 'REVERSING', 'REVERSED')),
    constraint debit_refusal_ck check ((status = 'REFUSED') = (refusal_code is not null)),
    constraint debit_due_ck check (
      (status in ('INTENDED', 'IN_DOUBT', 'REVERSING')) = (next_attempt_at is not null))
  );
  -- At most one debit of an order may be anything but refused: a second one needs a definite refusal of the first.
  create unique index debit_effective_uq on debit (payment_id) where status <> 'REFUSED';
  create index debit_due_ix on debit (next_attempt_at) where next_attempt_at is not null;
`;

const NOTIFICATION = `
  create table notification (
    payment_id      uuid        not null,
    url             text        not null,
    body            bytea       not null,
    body_sha256     bytea       not null,
    status          text        not null,
    tries           integer     not null default 0,
    next_attempt_at timestamptz,
    lease_until     timestamptz,
    gives_up_at     timestamptz not null,
    last_outcome    text,
    delivered_at    timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint notification_pk primary key (payment_id),
    constraint notification_payment_fk foreign key (payment_id) references payment_order (payment_id),
    constraint notification_status_ck check (status in ('PENDING', 'DELIVERED', 'REJECTED', 'PARKED')),
    constraint notification_due_ck check ((status = 'PENDING') = (next_attempt_at is not null)),
    constraint notification_delivered_ck check ((status = 'DELIVERED') = (delivered_at is not null)),
    constraint notification_hash_ck check (octet_length(body_sha256) = 32)
  );
  create index notification_due_ix on notification (next_attempt_at) where status = 'PENDING';

  create function notification_guard() returns trigger language plpgsql as $$
  begin
    raise exception 'the body and address of a notification are frozen'
      using errcode = 'integrity_constraint_violation';
  end $$;
  create trigger notification_frozen_tr before update on notification for each row
    when (old.body is distinct from new.body or old.url is distinct from new.url
       or old.body_sha256 is distinct from new.body_sha256)
    execute function notification_guard();

  create table notification_attempt (
    attempt_id   bigint generated always as identity,
    payment_id   uuid        not null,
    attempt      integer     not null,
    finished_at  timestamptz not null,
    duration_ms  integer     not null,
    outcome      text        not null,
    reason       text,
    result_code  text,
    http_status  integer,
    request_time text        not null,
    key_version  text        not null,
    answer       bytea,
    requested_by text        not null,
    constraint notification_attempt_pk primary key (attempt_id),
    constraint notification_attempt_payment_fk foreign key (payment_id) references notification (payment_id),
    constraint notification_attempt_outcome_ck check (outcome in ('accepted', 'rejected', 'unknown'))
  );
  create index notification_attempt_payment_ix on notification_attempt (payment_id, attempt_id);
  create trigger notification_attempt_append_only_tr before update on notification_attempt
    for each row execute function refuse_change();

  -- A final state without its notification cannot be committed.
  create function payment_order_told() returns trigger language plpgsql as $$
  begin
    if not exists (select 1 from notification where payment_id = new.payment_id) then
      raise exception 'payment order % is final but has no notification', new.payment_id
        using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$;
  create constraint trigger payment_order_told_tr after insert or update of status on payment_order
    deferrable initially deferred for each row
    when (new.status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'))
    execute function payment_order_told();
`;

/** Scans, payment orders, their history, debits and notifications. */
export class Payments1700000000100 implements MigrationInterface {
  readonly name = 'Payments1700000000100';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [CLOCK, PAYMENT_ORDER, HISTORY, SCAN, DEBIT, NOTIFICATION]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table notification_attempt, notification, debit, decode_pause, decode_exchange, scan, payment_history,
        payment_order;
      drop function payment_order_told(), notification_guard(), payment_order_guard(), refuse_change(), notification_end(timestamptz), db_now();
    `);
  }
}

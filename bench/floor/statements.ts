import { named, recordset } from '../../src/platform/database/columns.js';

/**
 * The durable writes of the service, row for row, for as many payers at once; they return only what the answers need.
 * Lists travel as JSON, and bytes in it in base64.
 */
interface Named {
  readonly name: string;
  readonly text: string;
}

export const BEGUN = {
  scan_id: 'uuid',
  customer_id: 'text',
  code_hash: 'bytea',
  request_body: 'bytea',
  window_ms: 'float8',
  lease_ms: 'float8',
} as const;

export const BEGIN: Named = {
  name: 'floor_begin',
  text: `
    with clock as materialized (select db_now() as now),
    input as materialized (${recordset(BEGUN)}),
    standing as (
      select input.scan_id from input, clock, lateral (
        select 1 from scan s where s.code_hash = input.code_hash and s.status = 'PENDING'
        union all
        select 1 from scan s, lateral (
          select status, expires_at from payment_order where payment_id = s.payment_id offset 0) o
        where s.code_hash = input.code_hash and s.status <> 'PENDING' and s.status = 'DECODED'
          and (o.status = 'DEBITING' or (o.status in ('AWAITING_CONFIRMATION', 'HELD') and o.expires_at > clock.now))
        limit 1) s)
    insert into scan (scan_id, customer_id, code_hash, request_body, status, next_attempt_at, lease_until,
      gives_up_at, created_at, updated_at)
    select scan_id, customer_id, code_hash, request_body, 'PENDING', greatest(now, until),
      case when until <= now then now + lease_ms * interval '1 ms' end, now + window_ms * interval '1 ms', now, now
    from input, clock, decode_pause
    where pause_id = 1 and not exists (select 1 from standing s where s.scan_id = input.scan_id)
    order by code_hash
    on conflict (code_hash) where status = 'PENDING' do nothing
    returning scan_id as id, lease_until is not null as leased`,
};

const ANSWER = {
  duration_ms: 'int',
  http_status: 'int',
  request_time: 'text',
  answer: 'bytea',
} as const;

const ORDER = {
  payment_id: 'uuid',
  payment_request_id: 'text',
  scenario: 'text',
  acquirer_id: 'text',
  psp_id: 'text',
  reference_order_id: 'text',
  merchant_id: 'text',
  merchant_name: 'text',
  payment_currency: 'text',
  payment_value: 'numeric',
  pay_to_currency: 'text',
  pay_to_value: 'numeric',
  pay_currency: 'text',
  pay_value: 'numeric',
  quote_id: 'text',
  expires_at: 'timestamptz',
  notify_url: 'text',
  content: 'jsonb',
  sealed_content: 'bytea',
  content_sha256: 'bytea',
} as const;

export const ACCEPTED = { scan_id: 'uuid', ...ANSWER, ...ORDER } as const;

export const ACCEPT: Named = {
  name: 'floor_accept',
  text: `
    with clock as materialized (select db_now() as now),
    input as materialized (${recordset(ACCEPTED)} order by scan_id),
    turn as materialized (
      select scan.* from input, lateral (
        select s.scan_id, s.customer_id, s.tries from scan s
        where s.scan_id = input.scan_id and s.status = (select 'PENDING') for update) scan),
    exchange as (
      insert into decode_exchange (scan_id, attempt, finished_at, outcome, result_code, key_version,
        ${named(ANSWER)})
      select scan_id, tries + 1, now, 'accepted', 'SUCCESS', '1', ${named(ANSWER)}
      from input join turn using (scan_id), clock),
    o as (
      insert into payment_order (customer_id, status, created_at, updated_at, ask_ledger, ${named(ORDER)})
      select turn.customer_id, 'AWAITING_CONFIRMATION', now, now,
        (select ask_until from record_watch where watch_id = 1) > now, ${named(ORDER)}
      from input join turn using (scan_id), clock
      order by payment_request_id
      on conflict (payment_request_id) do nothing
      returning payment_id, payment_request_id, status, created_at),
    history as (
      insert into payment_history (payment_id, at, event, to_status, actor)
      select payment_id, created_at, 'DECODED', status, 'alipay-plus' from o),
    ended as (
      update scan set status = 'DECODED', payment_id = o.payment_id, tries = tries + 1, next_attempt_at = null,
        lease_until = null, request_body = null, updated_at = o.created_at
      from o join input using (payment_id, payment_request_id) where scan.scan_id = input.scan_id)
    select payment_id as id from o`,
};

export const CONFIRM: Named = {
  name: 'floor_confirm',
  text: `
    with clock as materialized (select db_now() as now),
    o as (
      update payment_order set status = 'DEBITING', debit_count = debit_count + 1, updated_at = now from clock
      where payment_id = $1 and status = 'AWAITING_CONFIRMATION' and expires_at > now
        and (quote_expires_at is null or quote_expires_at > now) and cancel_requested_at is null
        and pay_currency = $2 and pay_value = $3::numeric and ($4::text is null or quote_id = $4)
      returning payment_order.*),
    d as (
      insert into debit (debit_id, payment_id, sequence, customer_id, currency, value, quote_id, not_after, status,
        next_attempt_at, lease_until, created_at, updated_at)
      select debit_key(payment_request_id, debit_count), payment_id, debit_count, customer_id, pay_currency, pay_value,
        quote_id,
        least(expires_at, quote_expires_at), 'INTENDED', updated_at, updated_at + $5 * interval '1 ms', updated_at,
        updated_at
      from o returning debit_id, not_after),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor)
      select payment_id, updated_at, 'CONFIRMED', 'AWAITING_CONFIRMATION', status, 'wallet-app' from o)
    select payment_request_id, customer_id, scenario, payment_currency, payment_value, pay_to_currency, pay_to_value,
      pay_currency, pay_value, quote_id, expires_at, debit_id, not_after, notify_url, sealed_content, updated_at as now
    from o, d`,
};

export const DEBIT: Named = {
  name: 'floor_debit',
  text: 'select kind, movement_id from ledger_debit($1, $2, $3, $4, $5, $6, $7, $8)',
};

export const SETTLED = {
  debit_id: 'uuid',
  ledger_reference: 'text',
  payment_time: 'text',
  url: 'text',
  body: 'bytea',
  body_sha256: 'bytea',
} as const;

export const SETTLE: Named = {
  name: 'floor_settle',
  text: `
    with clock as materialized (select db_now() as now),
    input as materialized (${recordset(SETTLED)} order by debit_id),
    before as materialized (
      select input.*, waiting.payment_id from input, lateral (
        select o.payment_id from payment_order o join debit d using (payment_id)
        where d.debit_id = input.debit_id and d.status in ('INTENDED', 'IN_DOUBT') and o.status = (select 'DEBITING')
          and o.cancel_requested_at is null for update) waiting),
    d as (
      update debit set status = 'DEBITED', ledger_reference = before.ledger_reference, tries = tries + 1,
        next_attempt_at = null, lease_until = null, proofs = null, updated_at = now
      from before, clock where debit.debit_id = before.debit_id and debit.payment_id = before.payment_id),
    o as (
      update payment_order set status = 'PAID', result_status = 'S', result_code = 'SUCCESS',
        result_message = 'success', payment_time = before.payment_time, ask_ledger = false,
        finished_at = now, updated_at = now
      from before, clock where payment_order.payment_id = before.payment_id
      returning payment_order.payment_id, payment_order.created_at, payment_order.updated_at, before.debit_id,
        before.url, before.body, before.body_sha256),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'DEBITED', 'DEBITING', 'PAID', 'wallet-ledger',
        jsonb_build_object('debitId', debit_id) from o),
    n as (
      insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, ordered_at,
        created_at, updated_at)
      select payment_id, url, body, body_sha256, 'PENDING', updated_at, notification_end(updated_at), created_at,
        updated_at, updated_at from o)
    select debit_id as id from o`,
};

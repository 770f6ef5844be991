/**
 * The durable writes of the service, row for row, each statement one round trip and one commit; they return only what
 * the answer needs.
 */
interface Named {
  readonly name: string;
  readonly text: string;
}

export const BEGIN: Named = {
  name: 'floor_begin',
  text: `
    with clock as materialized (select db_now() as now),
    standing as (
      select 1 from scan s left join payment_order o using (payment_id), clock
      where s.code_hash = $3 and (s.status = 'PENDING' or (s.status = 'DECODED' and
        (o.status = 'DEBITING' or (o.status in ('AWAITING_CONFIRMATION', 'HELD') and o.expires_at > clock.now))))
      limit 1)
    insert into scan (scan_id, customer_id, code_hash, request_body, status, next_attempt_at, lease_until,
      gives_up_at, created_at, updated_at)
    select $1, $2, $3, $4, 'PENDING', greatest(now, until),
      case when until <= now then now + $6 * interval '1 ms' end, now + $5 * interval '1 ms', now, now
    from clock, decode_pause where pause_id = 1 and not exists (select 1 from standing)
    on conflict (code_hash) where status = 'PENDING' do nothing
    returning true as begun, lease_until is not null as leased`,
};

export const ACCEPT: Named = {
  name: 'floor_accept',
  text: `
    with clock as materialized (select db_now() as now),
    turn as (select scan_id, customer_id, tries from scan where scan_id = $1 and status = 'PENDING' for update),
    exchange as (
      insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, result_code, http_status,
        request_time, key_version, answer)
      select $1, tries + 1, now, $2, 'accepted', 'SUCCESS', $3, $4, '1', $5 from turn, clock),
    o as (
      insert into payment_order (payment_id, payment_request_id, customer_id, status, scenario, acquirer_id, psp_id,
        reference_order_id, merchant_id, merchant_name, payment_currency, payment_value, pay_to_currency, pay_to_value,
        pay_currency, pay_value, quote_id, expires_at, notify_url, content, content_sha256, created_at, updated_at)
      select $6, $7, turn.customer_id, 'AWAITING_CONFIRMATION', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $16,
        $17, $18, $19, $20, $21, $22, now, now
      from turn, clock
      on conflict (payment_request_id) do nothing
      returning payment_id, status, created_at),
    history as (
      insert into payment_history (payment_id, at, event, to_status, actor)
      select payment_id, created_at, 'DECODED', status, 'alipay-plus' from o)
    update scan set status = 'DECODED', payment_id = o.payment_id, tries = tries + 1, next_attempt_at = null,
      lease_until = null, updated_at = o.created_at
    from o where scan.scan_id = $1
    returning 1`,
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
      select $5, payment_id, debit_count, customer_id, pay_currency, pay_value, quote_id,
        least(expires_at, quote_expires_at), 'INTENDED', updated_at, updated_at + $6 * interval '1 ms', updated_at,
        updated_at
      from o returning not_after),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor)
      select payment_id, updated_at, 'CONFIRMED', 'AWAITING_CONFIRMATION', status, 'wallet-app' from o)
    select payment_request_id, customer_id, scenario, payment_currency, payment_value, pay_to_currency, pay_to_value,
      pay_currency, pay_value, quote_id, expires_at, not_after, notify_url, content, updated_at as now
    from o, d`,
};

export const DEBIT: Named = {
  name: 'floor_debit',
  text: 'select kind, movement_id from ledger_debit($1, $2, $3, $4, $5, $6, $7)',
};

export const SETTLE: Named = {
  name: 'floor_settle',
  text: `
    with clock as materialized (select db_now() as now),
    before as (
      select o.payment_id from payment_order o join debit d using (payment_id)
      where d.debit_id = $1 and d.status in ('INTENDED', 'IN_DOUBT') and o.status = 'DEBITING'
        and o.cancel_requested_at is null for update),
    d as (
      update debit set status = 'DEBITED', ledger_reference = $2, tries = tries + 1, next_attempt_at = null,
        lease_until = null, updated_at = now
      from before, clock where debit_id = $1 returning debit.payment_id),
    o as (
      update payment_order set status = 'PAID', result_status = 'S', result_code = 'SUCCESS',
        result_message = 'success', payment_time = $3, finished_at = now, updated_at = now
      from d, clock where payment_order.payment_id = d.payment_id
      returning payment_order.payment_id, payment_order.updated_at),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'DEBITED', 'DEBITING', 'PAID', 'wallet-ledger',
        jsonb_build_object('debitId', $1::uuid) from o)
    insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, created_at,
      updated_at)
    select payment_id, $4, $5, $6, 'PENDING', updated_at, notification_end(updated_at), updated_at, updated_at from o
    returning 1`,
};

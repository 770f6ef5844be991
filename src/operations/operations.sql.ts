import type { Statement } from '../platform/database/statement.js';

/** Everything known of one payment, in the order it happened, from the rows themselves. */
export const TIMELINE: Statement = {
  name: 'operations_timeline',
  text: `
    select at, what, detail from (
      select s.created_at as at, 0 as rank, 'SCANNED' as what,
        jsonb_build_object('scanId', s.scan_id, 'customerId', s.customer_id, 'status', s.status) as detail
      from scan s where s.payment_id = $1
      union all
      select e.finished_at, 1, 'ASKED_ALIPAY_PLUS', jsonb_strip_nulls(jsonb_build_object('attempt', e.attempt,
        'outcome', e.outcome, 'reason', e.reason, 'resultCode', e.result_code, 'httpStatus', e.http_status,
        'ms', e.duration_ms))
      from decode_exchange e join scan s using (scan_id) where s.payment_id = $1
      union all
      select h.at, 2, h.event, jsonb_strip_nulls(jsonb_build_object('from', h.from_status, 'to', h.to_status,
        'actor', h.actor) || coalesce(h.detail, '{}'))
      from payment_history h where h.payment_id = $1
      union all
      select a.finished_at, 3, 'NOTIFIED', jsonb_strip_nulls(jsonb_build_object('attempt', a.attempt,
        'outcome', a.outcome, 'reason', a.reason, 'resultCode', a.result_code, 'httpStatus', a.http_status,
        'ms', a.duration_ms, 'requestedBy', a.requested_by, 'answer', encode(a.answer, 'base64')))
      from notification_attempt a where a.payment_id = $1) timeline
    order by at, rank`,
};

export const NOTIFICATION_OF: Statement = {
  name: 'operations_notification',
  text: `
    select status, tries, next_attempt_at, gives_up_at, last_outcome, delivered_at, url,
      requested_by, encode(body_sha256, 'hex') as body_sha256,
      (select jsonb_agg(jsonb_build_object('threshold', threshold, 'raisedAt', raised_at) order by raised_at)
       from notification_alarm a where a.payment_id = notification.payment_id) as alarms
    from notification where payment_id = $1`,
};

/**
 * What Alipay+ was told when it asked by itself, the second way to the same result. Absent until it has asked.
 * $1 payment_request_id
 */
export const INQUIRIES_OF: Statement = {
  name: 'operations_inquiries',
  text: `
    select count(*)::int as asked, max(received_at) as last_asked_at, last.payment_status as last_payment_status,
      last.payment_code as last_payment_code, min(received_at) filter (where e.payment_status in ('S', 'F'))
      as final_since
    from inbound_exchange e, lateral (
      select payment_status, payment_code from inbound_exchange
      where payment_request_id = $1 and api = 'inquiryPayment' order by exchange_id desc limit 1) last
    where e.payment_request_id = $1 and e.api = 'inquiryPayment'
    group by last.payment_status, last.payment_code`,
};

export const DEBITS_OF: Statement = {
  name: 'operations_debits',
  text: `
    select debit_id, sequence, currency, value, status, refusal_code, unknown_reason, ledger_reference, tries,
      next_attempt_at
    from debit where payment_id = $1 order by sequence`,
};

/** $1 paymentRequestId or null, $2 customerId or null, $3 status or null, $4 and $5 the cursor, $6 how many */
export const SEARCH: Statement = {
  name: 'operations_search',
  text: `
    select o.payment_id, o.payment_request_id, o.customer_id, o.status, o.pay_currency, o.pay_value, o.merchant_name,
      o.created_at, o.created_at::text as cursor_at, n.status as notification_status
    from payment_order o left join notification n using (payment_id)
    where ($1::text is null or o.payment_request_id = $1) and ($2::text is null or o.customer_id = $2)
      and ($3::text is null or o.status = $3)
      and ($4::timestamptz is null or (o.created_at, o.payment_id) < ($4::timestamptz, $5::uuid))
    order by o.created_at desc, o.payment_id desc limit $6`,
};

import { ORDER_COLUMNS } from '../../payment-order/order/payment-order.row.js';
import type { Statement } from '../../platform/database/database.js';

/**
 * All rows of one payment at one moment: one statement sees one state of the database, while several might see a
 * payment move between them. Amounts travel as text, because a number in JSON is not exact. $1 payment_id
 */
export const SNAPSHOT: Statement = {
  name: 'operations_snapshot',
  text: `
    select ${ORDER_COLUMNS}, o.acquirer_id, o.psp_id, o.amount_flag, o.finished_at, db_now() as now,
      n.status as notification_status,
      (select jsonb_agg(jsonb_build_object('debit_id', d.debit_id, 'sequence', d.sequence, 'currency', d.currency,
          'value', d.value::text, 'status', d.status, 'refusal_code', d.refusal_code,
          'unknown_reason', d.unknown_reason, 'ledger_reference', d.ledger_reference, 'tries', d.tries,
          'not_after', d.not_after, 'next_attempt_at', d.next_attempt_at, 'lease_until', d.lease_until,
          'created_at', d.created_at, 'window_ends_at', reversal_end(d.created_at)) order by d.sequence)
       from debit d where d.payment_id = o.payment_id) as debits,
      case when n.payment_id is not null then jsonb_build_object('status', n.status, 'tries', n.tries, 'url', n.url,
        'body_sha256', encode(n.body_sha256, 'hex'), 'created_at', n.created_at,
        'next_attempt_at', n.next_attempt_at, 'lease_until', n.lease_until, 'gives_up_at', n.gives_up_at,
        'last_outcome', n.last_outcome, 'delivered_at', n.delivered_at, 'requested_by', n.requested_by) end
        as notification,
      (select jsonb_agg(jsonb_build_object('threshold', a.threshold, 'raised_at', a.raised_at) order by a.raised_at)
       from notification_alarm a where a.payment_id = o.payment_id) as alarms,
      (select jsonb_agg(jsonb_build_object('debit_id', a.debit_id, 'alarm', a.alarm, 'raised_at', a.raised_at)
          order by a.raised_at)
       from debit_alarm a join debit d using (debit_id) where d.payment_id = o.payment_id) as debit_alarms,
      (select jsonb_agg(jsonb_build_object('refund_id', r.refund_id, 'refund_request_id', r.refund_request_id,
          'status', r.status, 'back_currency', r.back_currency, 'back_value', r.back_value::text,
          'refund_currency', r.refund_currency, 'refund_value', r.refund_value::text, 'result_code', r.result_code,
          'refusal_code', r.refusal_code, 'unknown_reason', r.unknown_reason, 'amount_flag', r.amount_flag,
          'ledger_reference', r.ledger_reference, 'refund_time', r.refund_time, 'tries', r.tries,
          'next_attempt_at', r.next_attempt_at, 'lease_until', r.lease_until, 'created_at', r.created_at)
          order by r.created_at, r.refund_id)
       from (select * from refund where payment_id = o.payment_id order by created_at limit 200) r) as refunds_seen,
      (select jsonb_build_object('asked', count(*), 'last_asked_at', max(e.received_at),
          'last_payment_status', (array_agg(e.payment_status order by e.exchange_id desc))[1],
          'last_payment_code', (array_agg(e.payment_code order by e.exchange_id desc))[1],
          'final_since', min(e.received_at) filter (where e.payment_status in ('S', 'F')))
       from inbound_exchange e
       where e.payment_request_id = o.payment_request_id and e.api = 'inquiryPayment' having count(*) > 0)
        as inquiries,
      (select jsonb_agg(jsonb_build_object('scan_id', s.scan_id, 'customer_id', s.customer_id,
          'code_sha256', encode(s.code_hash, 'hex'), 'status', s.status, 'tries', s.tries,
          'created_at', s.created_at) order by s.created_at)
       from (select * from scan where payment_id = o.payment_id order by created_at limit 50) s) as scans,
      (select jsonb_agg(jsonb_build_object('at', h.at, 'event', h.event, 'from', h.from_status,
          'to', h.to_status, 'actor', h.actor, 'detail', h.detail) order by h.history_id)
       from (select * from payment_history where payment_id = o.payment_id order by history_id desc limit 200) h)
        as history
    from payment_order o left join notification n using (payment_id) where o.payment_id = $1`,
};

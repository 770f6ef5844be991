import { DECODE_ANSWER, NOTIFY_ANSWER } from '../../payment-order/evidence/exchange-evidence.js';
import { INBOUND_ANSWER, INBOUND_REQUEST } from '../../payment-order/evidence/evidence.store.js';
import { NOTIFY_BODY } from '../../payment-order/order/frozen-result.js';
import { SCAN_REQUEST } from '../../payment-order/scan/scan.row.js';
import type { Statement } from '../../platform/database/database.js';
import { placeIn } from '../../platform/sealing/sealed-column.js';

/**
 * The history of one payment, newest first, from the rows themselves. Message bytes are read only when they may be
 * shown. An act that moved the order is a line of its history; all other acts come from their own rows.
 * $1 payment_id, $2 payment_request_id, $3 whether with messages, $4 how many
 */
export const TIMELINE: Statement = {
  name: 'operations_timeline',
  text: `
    select at, what, detail, is_message, case when $3 then request end as request,
      case when $3 then answer end as answer, request_place, answer_place
    from (
      select s.created_at as at, 0 as rank, s.scan_id::text as tie, 'SCANNED' as what,
        jsonb_build_object('scanId', s.scan_id, 'customerId', s.customer_id, 'status', s.status,
          'codeSha256', encode(s.code_hash, 'hex')) as detail,
        false as is_message, null::bytea as request, null::bytea as answer,
        null::text as request_place, null::text as answer_place
      from scan s where s.payment_id = $1
      union all
      select e.finished_at, 1, lpad(e.exchange_id::text, 20, '0'), 'ASKED_ALIPAY_PLUS',
        jsonb_build_object('attempt', e.attempt, 'outcome', e.outcome, 'reason', e.reason,
          'resultCode', e.result_code, 'httpStatus', e.http_status, 'ms', e.duration_ms), true, s.request_body, e.answer,
        ${placeIn('s', SCAN_REQUEST)}, ${placeIn('e', DECODE_ANSWER)}
      from decode_exchange e join scan s using (scan_id) where s.payment_id = $1
      union all
      select h.at, 2, lpad(h.history_id::text, 20, '0'), h.event,
        jsonb_build_object('from', h.from_status, 'to', h.to_status, 'actor', h.actor) || coalesce(h.detail, '{}'),
        false, null, null, null, null
      from payment_history h where h.payment_id = $1
      union all
      select a.finished_at, 3, lpad(a.attempt_id::text, 20, '0'), 'NOTIFIED',
        jsonb_build_object('attempt', a.attempt, 'outcome', a.outcome, 'reason', a.reason,
          'resultCode', a.result_code, 'httpStatus', a.http_status, 'ms', a.duration_ms,
          'requestedBy', a.requested_by), true, n.body, a.answer,
        ${placeIn('n', NOTIFY_BODY)}, ${placeIn('a', NOTIFY_ANSWER)}
      from notification_attempt a join notification n using (payment_id) where a.payment_id = $1
      union all
      select r.raised_at, 4, r.threshold, 'ALARM_RAISED', jsonb_build_object('threshold', r.threshold), false, null, null,
        null, null
      from notification_alarm r where r.payment_id = $1
      union all
      select r.raised_at, 4, r.alarm, 'ALARM_RAISED', jsonb_build_object('alarm', r.alarm, 'debitId', r.debit_id),
        false, null, null, null, null
      from debit_alarm r join debit using (debit_id) where payment_id = $1
      union all
      select i.received_at, 5, lpad(i.exchange_id::text, 20, '0'),
        case i.api when 'cancelPayment' then 'CANCEL_RECEIVED' when 'refund' then 'REFUND_RECEIVED'
          when 'inquiryRefund' then 'REFUND_INQUIRED' else 'INQUIRED' end,
        jsonb_build_object('resultStatus', i.result_status, 'resultCode', i.result_code,
          'paymentStatus', i.payment_status, 'paymentCode', i.payment_code), true, i.request, i.answer,
        ${placeIn('i', INBOUND_REQUEST)}, ${placeIn('i', INBOUND_ANSWER)}
      from inbound_exchange i where i.payment_request_id = $2
      union all
      select a.at, 6, lpad(a.action_id::text, 20, '0'), 'OPERATOR_ACTED',
        jsonb_build_object('act', a.act, 'outcome', a.outcome, 'actor', a.actor, 'reason', a.reason, 'why', a.why),
        false, null, null, null, null
      from operator_action a where a.payment_id = $1 and a.outcome <> 'DONE'
      union all
      select p.proposed_at, 7, p.approval_id::text, 'APPROVAL_ASKED', jsonb_build_object('act', p.action,
        'actor', p.proposed_by, 'reason', p.reason, 'approvalId', p.approval_id), false, null, null, null, null
      from approval p where p.payment_id = $1
      union all
      select n.at, 8, lpad(n.sequence::text, 20, '0'), 'NOTED', jsonb_build_object('noteId', n.note_id, 'actor', n.actor),
        false, null, null, null, null
      from payment_note n where n.payment_id = $1
      union all
      select p.decided_at, -1, p.approval_id::text, case when p.status = 'REJECTED' then 'APPROVAL_REFUSED'
        else 'APPROVAL_GIVEN' end, jsonb_build_object('act', p.action, 'actor', p.decided_by,
        'reason', p.decision_reason, 'approvalId', p.approval_id), false, null, null, null, null
      from approval p where p.payment_id = $1 and p.decided_at is not null) timeline
    order by at desc, rank desc, tie desc limit $4`,
};

/** The hashes of the codes of a payment, to know which texts must be hidden. $1 payment_id */
export const CODE_HASHES: Statement = {
  name: 'operations_code_hashes',
  text: `select code_hash from scan where payment_id = $1`,
};

/** All acts of operators on a payment, newest first. $1 payment_id, $2 how many */
export const ACTIONS: Statement = {
  name: 'operations_actions',
  text: `
    select at, act, outcome, actor, reason, why, before, after from operator_action
    where payment_id = $1 order by action_id desc limit $2`,
};

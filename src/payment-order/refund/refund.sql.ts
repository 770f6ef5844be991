import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from '../order/payment-order.row.js';
import { dueBy } from '../order/statement-parts.js';

/**
 * The order a refund is for, held until the refund is committed: a cancel, and any other refund, waits for it or comes
 * first. A refund never waits for anything else while it holds it. An order that became known when records may have been
 * lost may have been another row before, of which Alipay+ was told the id.
 */
export const HOLD_ORDER: Statement = {
  name: 'refund_hold_order',
  text: `
    select ${ORDER_COLUMNS}, null as notification_status, db_now() as now, exists (
      select 1 from payment_history h where h.payment_id = o.payment_id and h.event = 'DECODED'
        and h.detail ? 'askLedger') as may_have_been_another
    from payment_order o where o.payment_request_id = $1 for no key update`,
};

/** What the refunds of an order add up to; those that were refused gave nothing back. */
export const SUM_UP: Statement = {
  name: 'refund_sum_up',
  text: `
    select count(*)::int as count, count(next_attempt_at)::int as unsettled,
      coalesce(sum(refund_value), 0)::text as refund,
      coalesce(sum(coalesce(refund_from_value, refund_value)), 0)::text as refund_from,
      coalesce(sum(back_value), 0)::text as back
    from refund where payment_id = $1 and status <> 'REFUSED'`,
};

export const FIND: Statement = {
  name: 'refund_find',
  text: `select * from refund where refund_request_id = $1`,
};

/** Those whose content stands in the open. $1 the last refund_id or null, $2 how many */
export const UNHASHED: Statement = {
  name: 'refund_unhashed',
  text: `
    select refund_id, content from refund
    where content not like 'hmac:%' and ($1::uuid is null or refund_id > $1::uuid) order by refund_id limit $2`,
};

/** $1 refund_ids, $2 contents */
export const HASH: Statement = {
  name: 'refund_hash',
  text: `
    update refund r set content = hashed.content from unnest($1::uuid[], $2::text[]) hashed (id, content)
    where r.refund_id = hashed.id`,
};

export const OF_PAYMENT: Statement = {
  name: 'refund_of_payment',
  text: `select * from refund where payment_id = $1 order by created_at, refund_id`,
};

/**
 * Writes down what was decided, before anybody is asked for money. No row when the id was used meanwhile: two requests
 * of an order we do not know hold no row that would keep them apart. $1 refund_request_id, $2 payment_request_id, $3
 * payment_id or null, $4 status, $5 and $6 refundAmount, $7 and $8 refundFromAmount, $9 and $10 what goes back, $11
 * content, $12 quote_id, $13 amount_flag, $14 result_code, $15 result_message
 */
export const KEEP: Statement = {
  name: 'refund_keep',
  text: `
    with clock as materialized (select db_now() as now),
    r as (
      insert into refund (refund_id, refund_request_id, payment_request_id, payment_id, status, refund_currency,
        refund_value, refund_from_currency, refund_from_value, back_currency, back_value, content, quote_id,
        amount_flag, result_code, result_message, next_attempt_at, created_at, updated_at)
      select refund_key($2, $1), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
        case when $4 = 'REQUESTED' then now end, now, now
      from clock on conflict do nothing returning *),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select r.payment_id, r.updated_at,
        case r.status when 'REFUSED' then 'REFUND_REFUSED' else 'REFUND_REQUESTED' end, o.status, o.status, 'alipay-plus',
        jsonb_strip_nulls(jsonb_build_object('refundId', r.refund_id, 'refundRequestId', r.refund_request_id,
          'currency', r.back_currency, 'value', r.back_value::text, 'resultCode', r.result_code))
      from r join payment_order o using (payment_id))
    select * from r`,
};

const CLAIMED = `
      returning refund.*)
    select r.*, d.debit_id as debit_key, clock.now
    from r join debit d on d.payment_id = r.payment_id and d.status <> 'REFUSED', clock`;

/** Claims a refund that is unsettled and due. $2 lease, $3 how early, in ms */
export const CLAIM: Statement = {
  name: 'refund_claim',
  text: `
    with clock as materialized (select db_now() as now),
    r as (
      update refund set lease_until = now + $2 * interval '1 ms', updated_at = now from clock
      where refund_id = $1 and status in ('REQUESTED', 'IN_DOUBT') and ${dueBy(`now + $3 * interval '1 ms'`)}
        and (lease_until is null or lease_until <= now)${CLAIMED}`,
};

/** Claims it before it is due, because Alipay+ asks now. $3 for how long it must have been left alone, in ms */
export const CLAIM_DOUBT: Statement = {
  name: 'refund_claim_doubt',
  text: `
    with clock as materialized (select db_now() as now),
    r as (
      update refund set lease_until = now + $2 * interval '1 ms', updated_at = now from clock
      where refund_id = $1 and status in ('REQUESTED', 'IN_DOUBT') and updated_at <= now - $3 * interval '1 ms'
        and (lease_until is null or lease_until <= now)${CLAIMED}`,
};

/** What the ledger said for good. $2 the new status, $3 its reference, $4 refund_time, $5 its refusal, $6 and $7 the result */
export const SETTLE: Statement = {
  name: 'refund_settle',
  text: `
    with clock as materialized (select db_now() as now),
    r as (
      update refund set status = $2, ledger_reference = $3, refund_time = $4, refusal_code = $5, result_code = $6,
        result_message = $7, tries = tries + 1, next_attempt_at = null, lease_until = null, unknown_reason = null,
        updated_at = now
      from clock where refund_id = $1 and status in ('REQUESTED', 'IN_DOUBT') returning refund.*),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select r.payment_id, r.updated_at, case r.status when 'REFUNDED' then 'REFUNDED' else 'REFUND_REFUSED' end,
        o.status, o.status, 'wallet-ledger', jsonb_strip_nulls(jsonb_build_object('refundId', r.refund_id,
          'refundRequestId', r.refund_request_id, 'currency', r.back_currency, 'value', r.back_value::text,
          'ledgerReference', r.ledger_reference, 'refusalCode', r.refusal_code))
      from r join payment_order o using (payment_id))
    select * from r`,
};

/** Still unknown. $2 why, $3 in how many ms the ledger is asked again */
export const DOUBT: Statement = {
  name: 'refund_doubt',
  text: `
    with clock as materialized (select db_now() as now),
    was as (
      select refund_id, status from refund where refund_id = $1 and status in ('REQUESTED', 'IN_DOUBT') for update),
    r as (
      update refund set status = 'IN_DOUBT', unknown_reason = $2, tries = tries + 1, lease_until = null,
        next_attempt_at = now + $3 * interval '1 ms', updated_at = now
      from was, clock where refund.refund_id = was.refund_id returning refund.*, was.status as was_status),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select r.payment_id, r.updated_at, 'REFUND_IN_DOUBT', o.status, o.status, 'wallet-ledger',
        jsonb_build_object('refundId', r.refund_id, 'refundRequestId', r.refund_request_id, 'reason', $2::text)
      from r join payment_order o using (payment_id) where was_status = 'REQUESTED')
    select refund_id as id, tries as turn from r`,
};

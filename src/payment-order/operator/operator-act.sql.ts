import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from '../order/payment-order.row.js';
import { axes, closing, hidden } from '../order/statement-parts.js';

/**
 * An operator ends an unpaid order. The same move as any other end of one, under one more condition: an order with a
 * debit that is not refused is left alone whatever its status says. $11 why
 */
export const ACT_CLOSE: Statement = {
  name: 'act_close',
  text: `
    with ${closing(
      `not exists (select 1 from debit where debit.payment_id = $1 and debit.status <> 'REFUSED')`,
      `jsonb_build_object('reason', $11::text)`,
    )},
    action as (
      insert into operator_action (payment_id, at, actor, act, reason, outcome, before, after)
      select payment_id, updated_at, $7, 'close', $11::text, 'DONE', ${axes('o.from_status', 'null')},
        ${axes('o.status', 'n.status')}
      from o, n)
    select ${ORDER_COLUMNS}, n.status as notification_status, clock.now from o, n, clock`,
};

/**
 * An operator lets a held order be paid. Only for the reasons that were judged, word for word, and only while the payer
 * could pay it: open, unexpired, its quote alive, uncancelled, whole, and never answered differently.
 * $1 payment_id, $2 the held_reason that was judged, $3 actor, $4 why
 */
export const ACT_RELEASE: Statement = {
  name: 'act_release',
  text: `
    with clock as materialized (select db_now() as now),
    before as (
      select payment_id, held_reason from payment_order, clock
      where payment_id = $1 and status = ${hidden('HELD')} and held_reason = $2 and expires_at > now
        and (quote_expires_at is null or quote_expires_at > now) and cancel_requested_at is null
        and not content_conflict and payment_value is not null and pay_to_value is not null and pay_value is not null
      for update),
    o as (
      update payment_order set status = 'AWAITING_CONFIRMATION', held_reason = null, updated_at = now
      from before, clock where payment_order.payment_id = before.payment_id
      returning payment_order.*, before.held_reason as was_held_for),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'RELEASED', 'HELD', status, $3,
        jsonb_build_object('reason', $4::text, 'heldReason', was_held_for) from o),
    action as (
      insert into operator_action (payment_id, at, actor, act, reason, outcome, before, after)
      select payment_id, updated_at, $3, 'release', $4::text, 'DONE', ${axes(`'HELD'`, 'null')},
        ${axes('o.status', 'null')}
      from o)
    select ${ORDER_COLUMNS}, null as notification_status, clock.now from o, clock`,
};

/**
 * The ledger is to be asked now. This commits the request and makes the debit due; the process then claims it like a
 * worker, and if it dies, the sweeper finds it. $1 payment_id, $2 actor, $3 why
 */
export const ACT_ASK: Statement = {
  name: 'act_ask',
  text: `
    with clock as materialized (select db_now() as now),
    d as (
      update debit set next_attempt_at = now, updated_at = now from clock
      where payment_id = $1 and status in ('INTENDED', 'IN_DOUBT', 'REVERSING')
        and (lease_until is null or lease_until <= now)
      returning debit.debit_id, debit.payment_id),
    action as (
      insert into operator_action (payment_id, at, actor, act, reason, outcome, before)
      select o.payment_id, now, $2, 'ask-ledger', $3::text, 'ASKED', ${axes('o.status', 'n.status')}
      from d join payment_order o using (payment_id) left join notification n using (payment_id), clock)
    select debit_id as id from d`,
};

/**
 * An act that moved nothing, or the answer of the ledger. $1 payment_id, $2 actor, then the columns as they are named.
 */
export const RECORD_ACT: Statement = {
  name: 'act_record',
  text: `
    insert into operator_action (payment_id, at, actor, act, reason, outcome, why, before, after)
    values ($1, db_now(), $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb)`,
};

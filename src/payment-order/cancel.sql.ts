import type { Statement } from '../platform/database/statement.js';
import { ORDER_COLUMNS } from './payment-order.row.js';
import { dueBy, hidden } from './statement-parts.js';

export const BURY: Statement = {
  name: 'cancel_bury',
  text: `
    insert into cancel_request (payment_request_id, acquirer_id, psp_id, received_at)
    values ($1, $2, $3, db_now()) on conflict (payment_request_id) do nothing`,
};

/** Waits until whoever is inserting this order has committed; from then on the tombstone is seen by all. */
export const AWAIT_INSERTS: Statement = {
  name: 'cancel_await_inserts',
  text: `select pg_advisory_xact_lock(hashtextextended($1, 1))`,
};

/** The order, marked so that nothing can be confirmed or settled as paid any more. */
export const MARK: Statement = {
  name: 'cancel_mark',
  text: `
    with clock as materialized (select db_now() as now),
    o as (
      update payment_order set cancel_requested_at = coalesce(cancel_requested_at, now), updated_at = now
      from clock where payment_request_id = $1 returning payment_order.*)
    select ${ORDER_COLUMNS}, n.status as notification_status, clock.now
    from o left join notification n using (payment_id), clock`,
};

/** A paid order is undone: the order is cancelled, and its debit has to be given back. The notification stays. */
export const UNDO_PAID: Statement = {
  name: 'cancel_undo_paid',
  text: `
    with clock as materialized (select db_now() as now),
    o as (
      update payment_order set status = 'CANCELLED', result_status = 'F', result_code = $2, result_message = $3,
        updated_at = now
      from clock where payment_id = $1 and status = ${hidden('PAID')} and cancel_requested_at is not null
      returning payment_order.*),
    d as (
      update debit set status = 'REVERSING', next_attempt_at = now, lease_until = null, updated_at = now
      from o, clock where debit.payment_id = o.payment_id and debit.status = 'DEBITED' returning debit.debit_id),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'CANCELLED', 'PAID', status, 'alipay-plus',
        jsonb_build_object('debitId', (select debit_id from d)) from o)
    select debit_id as id, 0 as turn from d`,
};

/**
 * The ledger answered about a debit whose order was cancelled meanwhile. $1 debit_id, $2 the debit's new status,
 * $3 refusal code, $4 ledger reference, $5 result_code, $6 result_message, $7 url, $8 body, $9 its hash
 */
export const SETTLE_CANCELLED: Statement = {
  name: 'cancel_settle',
  text: `
    with clock as materialized (select db_now() as now),
    before as (
      select o.payment_id from payment_order o join debit d using (payment_id)
      where d.debit_id = $1 and d.status in ('INTENDED', 'IN_DOUBT') and o.status = ${hidden('DEBITING')}
        and o.cancel_requested_at is not null for update),
    d as (
      update debit set status = $2, refusal_code = $3, ledger_reference = $4, tries = 0, unknown_reason = null,
        next_attempt_at = case when $2 = 'REVERSING' then now end, lease_until = null, updated_at = now
      from before, clock where debit_id = $1 returning debit.*),
    o as (
      update payment_order set status = 'CANCELLED', result_status = 'F', result_code = $5, result_message = $6,
        finished_at = now, updated_at = now
      from d, clock where payment_order.payment_id = d.payment_id returning payment_order.*),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'CANCELLED', 'DEBITING', status, 'alipay-plus',
        jsonb_strip_nulls(jsonb_build_object('debitId', $1::uuid, 'debit', $2::text)) from o),
    n as (
      insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, ordered_at,
        created_at, updated_at)
      select payment_id, $7, $8, $9, 'PENDING', updated_at, notification_end(updated_at), created_at, updated_at,
        updated_at
      from o returning status)
    select ${ORDER_COLUMNS}, n.status as notification_status, clock.now from o, n, clock`,
};

/** Wins the turn of a reversal that is due. */
export const CLAIM_REVERSAL: Statement = {
  name: 'reversal_claim',
  text: `
    with clock as materialized (select db_now() as now)
    update debit set lease_until = now + $2 * interval '1 ms', updated_at = now from clock
    where debit_id = $1 and status = 'REVERSING' and ${dueBy(`now + $3 * interval '1 ms'`)}
      and (lease_until is null or lease_until <= now)
    returning debit_id as id, payment_id, tries as turn`,
};

export const REVERSED: Statement = {
  name: 'reversal_done',
  text: `
    with clock as materialized (select db_now() as now),
    d as (
      update debit set status = 'REVERSED', tries = tries + 1, next_attempt_at = null, lease_until = null,
        unknown_reason = null, updated_at = now
      from clock where debit_id = $1 and status = 'REVERSING' returning debit.*)
    insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
    select d.payment_id, d.updated_at, 'REVERSED', o.status, o.status, 'wallet-ledger',
      jsonb_build_object('debitId', d.debit_id, 'ledgerReference', $2::text)
    from d join payment_order o using (payment_id) returning payment_id as id`,
};

export const POSTPONE_REVERSAL: Statement = {
  name: 'reversal_postpone',
  text: `
    with clock as materialized (select db_now() as now)
    update debit set tries = tries + 1, unknown_reason = $2, lease_until = null,
      next_attempt_at = now + $3 * interval '1 ms', updated_at = now
    from clock where debit_id = $1 and status = 'REVERSING' returning debit_id as id, tries as turn`,
};

/** How the order of an id stands, and whether the id was cancelled before we knew it. */
export const INQUIRE: Statement = {
  name: 'inquiry',
  text: `
    select ${ORDER_COLUMNS}, n.status as notification_status, db_now() as now
    from payment_order o left join notification n using (payment_id) where o.payment_request_id = $1`,
};

export const IS_BURIED: Statement = {
  name: 'inquiry_buried',
  text: `select 1 as buried from cancel_request where payment_request_id = $1`,
};

export const KEEP_INBOUND: Statement = {
  name: 'inbound_keep',
  text: `
    insert into inbound_exchange (api, payment_request_id, received_at, request_time, request, answer, result_status,
      result_code, payment_status, payment_code)
    values ($1, $2, db_now(), $3, $4, $5, $6, $7, $8, $9)`,
};

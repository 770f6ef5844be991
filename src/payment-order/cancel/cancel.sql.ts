import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from '../order/payment-order.row.js';
import { hidden } from '../order/statement-parts.js';

export const BURY: Statement = {
  name: 'cancel_bury',
  text: `
    insert into cancel_request (payment_request_id, acquirer_id, psp_id, received_at)
    values ($1, $2, $3, db_now()) on conflict (payment_request_id) do nothing`,
};

/** Waits until a transaction that inserts this order has committed; after that everyone sees the tombstone. */
export const AWAIT_INSERTS: Statement = {
  name: 'cancel_await_inserts',
  text: `select pg_advisory_xact_lock(hashtextextended($1, 1))`,
};

/**
 * Marks the order, so that it can no longer be confirmed or settled as paid. The time is read once the order is held: a
 * refund that was accepted while this waited for it came before the cancel.
 */
export const MARK: Statement = {
  name: 'cancel_mark',
  text: `
    with held as materialized (
      select payment_id from payment_order where payment_request_id = $1 for no key update),
    clock as materialized (select db_now() as now from held),
    o as (
      update payment_order set cancel_requested_at = coalesce(cancel_requested_at, now), updated_at = now
      from clock where payment_request_id = $1 returning payment_order.*)
    select ${ORDER_COLUMNS}, n.status as notification_status, clock.now
    from o left join notification n using (payment_id), clock`,
};

/** Cancels a paid order: its debit has to be given back. The notification stays. */
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

/** The order of an id, and whether the id was cancelled before we knew it. */
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

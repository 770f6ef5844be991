import type { Statement } from '../platform/database/statement.js';
import { DEBIT_COLUMNS, ORDER_COLUMNS } from './payment-order.row.js';
import { closing, hidden } from './statement-parts.js';

export const FIND_ORDER: Statement = {
  name: 'order_find',
  text: `
    select ${ORDER_COLUMNS}, n.status as notification_status, db_now() as now
    from payment_order o left join notification n using (payment_id) where o.payment_id = $1`,
};

export const SETTLED_ORDERS: Statement = {
  name: 'order_settled',
  text: `select payment_id as id from payment_order where payment_id = any($1::uuid[]) and status <> 'DEBITING'`,
};

/**
 * The payer's yes: the order moves and the intent to debit is written in one statement, and only while the order is
 * open, unexpired by the database's clock, its quote alive, uncancelled and the amount the one the payer saw.
 * The order itself counts its debits: a statement that waited for its turn would count those it saw before it waited.
 * $1 payment_id, $2 currency, $3 value, $4 quote_id the payer saw or null, $5 debit_id, $6 lease in ms, $7 actor,
 * $8 the customer it has to be, or null
 */
export const CONFIRM_ORDER: Statement = {
  name: 'order_confirm',
  text: `
    with clock as materialized (select db_now() as now),
    o as (
      update payment_order set status = 'DEBITING', debit_count = debit_count + 1, updated_at = now from clock
      where payment_id = $1 and status = ${hidden('AWAITING_CONFIRMATION')} and expires_at > now
        and (quote_expires_at is null or quote_expires_at > now) and cancel_requested_at is null
        and pay_currency = $2 and pay_value = $3::numeric and ($4::text is null or quote_id = $4)
        and ($8::text is null or customer_id = $8)
      returning payment_order.*),
    d as (
      insert into debit (debit_id, payment_id, sequence, customer_id, currency, value, quote_id, not_after, status,
        next_attempt_at, lease_until, created_at, updated_at)
      select $5, payment_id, debit_count, customer_id, pay_currency, pay_value, quote_id,
        least(expires_at, quote_expires_at), 'INTENDED', updated_at, updated_at + $6 * interval '1 ms', updated_at,
        updated_at
      from o returning *),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor)
      select payment_id, updated_at, 'CONFIRMED', 'AWAITING_CONFIRMATION', status, $7 from o)
    select ${ORDER_COLUMNS}, ${DEBIT_COLUMNS}, clock.now from o join d using (payment_id), clock`,
};

/** An unpaid order ends: declined, expired or cancelled. $11 whether only after the order's expiry */
export const CLOSE_ORDER: Statement = {
  name: 'order_close',
  text: `
    with ${closing('(not $11 or expires_at <= now)', 'null::jsonb')}
    select ${ORDER_COLUMNS}, n.status as notification_status, clock.now from o, n, clock`,
};

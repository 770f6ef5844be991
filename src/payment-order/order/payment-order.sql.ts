import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from './payment-order.row.js';
import { closing } from './statement-parts.js';

/** Amounts travel as text, because a number of JSON is not exact. */
const REFUNDS = `(select jsonb_agg(jsonb_build_object('refund_id', r.refund_id, 'status', r.status,
        'back_currency', r.back_currency, 'back_value', r.back_value::text, 'refund_currency', r.refund_currency,
        'refund_value', r.refund_value::text, 'refund_time', r.refund_time, 'created_at', r.created_at)
        order by r.created_at, r.refund_id)
      from refund r where r.payment_id = o.payment_id and r.status <> 'REFUSED')`;

export const FIND_ORDER: Statement = {
  name: 'order_find',
  text: `
    select ${ORDER_COLUMNS}, n.status as notification_status, db_now() as now, ${REFUNDS} as refunds
    from payment_order o left join notification n using (payment_id) where o.payment_id = $1`,
};

export const SETTLED_ORDERS: Statement = {
  name: 'order_settled',
  text: `select payment_id as id from payment_order where payment_id = any($1::uuid[]) and status <> 'DEBITING'`,
};

/** An unpaid order ends: declined, expired, cancelled, or never to be paid. $11 whether only after the order's expiry */
export const CLOSE_ORDER: Statement = {
  name: 'order_close',
  text: `
    with ${closing('(not $11 or expires_at <= now)', 'null::jsonb')}
    select ${ORDER_COLUMNS}, n.status as notification_status, clock.now from o, n, clock`,
};

import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from './payment-order.row.js';
import { closing, REFUNDS } from './statement-parts.js';

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

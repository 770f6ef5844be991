import type { Statement } from '../platform/database/statement.js';

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

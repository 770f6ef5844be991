import type { Statement } from '../../platform/database/database.js';

/** Our orders with every debit; an order that we do not know gives no row. $1 their ids at Alipay+ */
export const ORDERS: Statement = {
  name: 'reconcile_orders',
  text: `
    select o.payment_request_id, o.payment_id, o.customer_id, o.status, o.pay_to_currency, o.pay_to_value,
      coalesce((select jsonb_agg(jsonb_build_object('key', d.debit_id, 'status', d.status, 'currency', d.currency,
          'value', d.value::text) order by d.sequence)
        from debit d where d.payment_id = o.payment_id), '[]') as debits
    from payment_order o where o.payment_request_id = any($1)`,
};

/** $1 refundRequestIds */
export const REFUNDS: Statement = {
  name: 'reconcile_refunds',
  text: `
    select refund_request_id, payment_request_id, status,
      coalesce(refund_from_currency, refund_currency) as currency,
      coalesce(refund_from_value, refund_value)::text as value
    from refund where refund_request_id = any($1)`,
};

/** $1 from, $2 to */
export const COUNT_DEBITS: Statement = {
  name: 'reconcile_count',
  text: `select count(*)::int as count from debit where created_at >= $1 and created_at < $2 and status <> 'REFUSED'`,
};

/** Debits of a window that may have taken money. $3 and $4 time and key of the last one of the page before, $5 rows */
export const DEBITS_IN: Statement = {
  name: 'reconcile_debits_in',
  text: `
    select d.debit_id, d.created_at, d.created_at::text as at, d.status, d.customer_id, d.currency, d.value::text as value,
      o.payment_request_id, o.status as order_status, o.pay_to_currency, o.pay_to_value
    from debit d join payment_order o using (payment_id)
    where d.created_at >= coalesce($3::text::timestamptz, $1) and d.created_at < $2 and d.status <> 'REFUSED'
      and ($3::text is null or (d.created_at, d.debit_id) > ($3::text::timestamptz, $4::uuid))
    order by d.created_at, d.debit_id limit $5`,
};

/** Refunds of a window that gave money back: read by their keys once, because no index has their time. $3 the last key, $4 rows */
export const REFUNDS_IN: Statement = {
  name: 'reconcile_refunds_in',
  text: `
    select refund_id, refund_request_id, payment_request_id, updated_at,
      coalesce(refund_from_currency, refund_currency) as currency,
      coalesce(refund_from_value, refund_value)::text as value
    from refund
    where status = 'REFUNDED' and updated_at >= $1 and updated_at < $2 and ($3::uuid is null or refund_id > $3)
    order by refund_id limit $4`,
};

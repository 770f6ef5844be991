import type { Statement } from '../../../platform/database/statement.js';

/** Debits of which nobody knows where the money is, oldest first. $1 how many */
export const DOUBTS: Statement = {
  name: 'console_doubts',
  text: `
    select d.payment_id, d.status, d.currency, d.value::text, d.unknown_reason, d.tries, d.next_attempt_at,
      d.created_at, o.customer_id, o.merchant_name
    from debit d join payment_order o using (payment_id)
    where d.status in ('IN_DOUBT', 'REVERSING') and d.next_attempt_at is not null
    order by d.created_at limit $1`,
};

/** Results that no schedule tells again, oldest first: somebody has to decide. $1 how many */
export const UNDELIVERED: Statement = {
  name: 'console_undelivered',
  text: `
    select n.payment_id, n.status, n.tries, n.last_outcome, n.created_at, o.status as order_status,
      o.customer_id, o.merchant_name
    from (
      (select * from notification where status = 'PARKED' order by created_at limit $1) union all
      (select * from notification where status = 'REJECTED' order by created_at limit $1)) n
      join payment_order o using (payment_id)
    order by n.created_at limit $1`,
};

/** Orders that are held back, the ones that expire first. $1 how many */
export const HELD: Statement = {
  name: 'console_held',
  text: `
    select payment_id, held_reason, expires_at, created_at, customer_id, merchant_name from payment_order
    where status = 'HELD' order by created_at limit $1`,
};

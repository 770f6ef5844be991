import type { Statement } from '../../../platform/database/database.js';

/** Debits that the ledger has not settled, and those whose money is owed back, oldest first. $1 how many */
export const DOUBTS: Statement = {
  name: 'console_doubts',
  text: `
    select d.payment_id, d.status, d.currency, d.value::text, d.unknown_reason, d.tries, d.next_attempt_at,
      d.created_at, o.customer_id, o.merchant_name
    from debit d join payment_order o using (payment_id)
    where d.next_attempt_at is not null and (d.status in ('IN_DOUBT', 'REVERSING')
      or d.status = 'INTENDED' and (d.lease_until is null or d.lease_until <= db_now()))
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

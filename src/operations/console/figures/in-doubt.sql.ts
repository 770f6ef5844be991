import type { Statement } from '../../../platform/database/database.js';

/** Debits and refunds that the ledger has not settled, and money that must be given back, oldest first. $1 how many */
export const DOUBTS: Statement = {
  name: 'console_doubts',
  text: `
    select doubt.*, o.customer_id, o.merchant_name from (
      (select payment_id, status, currency, value::text, unknown_reason, tries, next_attempt_at, created_at from debit
       where next_attempt_at is not null and (status in ('IN_DOUBT', 'REVERSING')
         or status = 'INTENDED' and (lease_until is null or lease_until <= db_now()))
       order by created_at limit $1)
      union all
      (select payment_id, 'REFUND_IN_DOUBT', back_currency, back_value::text, unknown_reason, tries, next_attempt_at,
         created_at
       from refund where next_attempt_at is not null and (lease_until is null or lease_until <= db_now())
       order by created_at limit $1)) doubt
      join payment_order o using (payment_id)
    order by created_at limit $1`,
};

/** Results that the schedule no longer sends, oldest first: a person has to decide. $1 how many */
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

/** Held orders, those that expire first come first. $1 how many */
export const HELD: Statement = {
  name: 'console_held',
  text: `
    select payment_id, o.held_reason, o.expires_at, o.created_at, o.customer_id, o.merchant_name
    from unpaid_order u join payment_order o using (payment_id)
    where u.status = 'HELD' order by u.created_at limit $1`,
};

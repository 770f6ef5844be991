import type { Statement } from '../../platform/database/database.js';

/** Our state of orders, whether we know them or not. $1 their ids at Alipay+ */
export const STANDINGS: Statement = {
  name: 'repair_standings',
  text: `
    select wanted.id as payment_request_id, o.payment_id, o.status, o.customer_id, o.pay_currency, o.pay_value,
      c.payment_request_id is not null as is_cancelled, n.status as notification_status,
      coalesce((select jsonb_agg(jsonb_build_object('key', d.debit_id, 'status', d.status) order by d.sequence)
        from debit d where d.payment_id = o.payment_id), '[]') as debits
    from unnest($1::text[]) wanted(id)
      left join payment_order o on o.payment_request_id = wanted.id
      left join notification n using (payment_id)
      left join cancel_request c on c.payment_request_id = wanted.id`,
};

/** Paid orders that became known in a window, for which the ledger must hold money. $1 from, $2 to, $3 the last one of the page before, $4 rows */
export const PAID_IN: Statement = {
  name: 'repair_paid_in',
  text: `
    select payment_id, payment_request_id from payment_order
    where status = 'PAID' and created_at >= $1 and created_at < $2 and ($3::uuid is null or payment_id > $3)
    order by payment_id limit $4`,
};

/** The keys of the first attempts of an order. $1 its id at Alipay+, $2 how many */
export const KEYS: Statement = {
  name: 'repair_keys',
  text: `select debit_key($1, attempt)::text as key from generate_series(1, $2::int) attempt order by attempt`,
};

/** An order whose debit we have lost is to be asked about, whenever it became known. $1 payment_request_id */
export const MARK_LOST: Statement = {
  name: 'repair_mark',
  text: `
    update payment_order set ask_ledger = true
    where payment_request_id = $1 and status = 'AWAITING_CONFIRMATION' returning payment_id`,
};

/** $1 key, $2 payment_request_id, $3 rule, $4 actor, $5 reason */
export const WANT_BACK: Statement = {
  name: 'repair_want_back',
  text: `
    insert into repaired_debit (key, payment_request_id, rule, actor, reason, wanted_at)
    values ($1, $2, $3, $4, $5, db_now()) on conflict (key) do nothing`,
};

/** $1 key, $2 the ledger's reference */
export const GIVEN_BACK: Statement = {
  name: 'repair_given_back',
  text: `update repaired_debit set done_at = db_now(), ledger_reference = $2 where key = $1 and done_at is null`,
};

/** What a repair that was interrupted had written down and not seen to its end. */
export const LEFT: Statement = {
  name: 'repair_left',
  text: `select key, payment_request_id from repaired_debit where done_at is null order by wanted_at`,
};

import type { Query } from '../../platform/database/reading-pool.js';

export const NOW: Query = { text: 'select db_now() as now', values: [] };

/**
 * What is in doubt at this moment, each from a small index of its own: those hold only what is not settled, however
 * many orders there are.
 */
export function doubtSums(now: Date): Query {
  const text = `
    select 'DEBITED_NOT_ACKNOWLEDGED' as doubt, d.currency, count(*)::int as count, sum(d.value)::text as value,
      min(n.created_at) as oldest_at, null::timestamptz as due_at
    from notification n join payment_order o using (payment_id) join debit d using (payment_id)
    where n.status <> 'DELIVERED' and o.status = 'PAID' and d.status = 'DEBITED' group by d.currency
    union all
    select 'CANCELLED_NOT_REVERSED', currency, count(*)::int, sum(value)::text, min(since), min(due_at) from (
      select d.currency, d.value, coalesce(o.cancel_requested_at, d.created_at) as since,
        reversal_end(d.created_at) as due_at
      from debit d join payment_order o using (payment_id)
      where d.status = 'REVERSING' and d.next_attempt_at is not null
      union all
      select d.currency, d.value, o.cancel_requested_at, reversal_end(d.created_at)
      from payment_order o join debit d using (payment_id)
      where o.cancel_requested_at is not null and o.status = 'PAID' and d.status = 'DEBITED') owed
    group by currency
    union all
    select 'DEBIT_IN_DOUBT', currency, count(*)::int, sum(value)::text, min(created_at), null
    from debit
    where next_attempt_at is not null
      and (status = 'IN_DOUBT' or status = 'INTENDED' and (lease_until is null or lease_until <= $1))
    group by currency
    union all
    select 'REFUND_IN_DOUBT', back_currency, count(*)::int, sum(back_value)::text, min(created_at), null
    from refund where next_attempt_at is not null and (lease_until is null or lease_until <= $1)
    group by back_currency
    union all
    select n.status, o.pay_currency, count(*)::int, sum(o.pay_value)::text, min(n.created_at), null
    from notification n join payment_order o using (payment_id)
    where n.status <> 'DELIVERED' and n.status in ('PARKED', 'REJECTED') group by n.status, o.pay_currency
    union all
    select 'HELD', pay_currency, count(*)::int, sum(pay_value)::text, min(created_at), null
    from payment_order where status = 'HELD' group by pay_currency`;
  return { text, values: [now] };
}

const PERCENTILES = 'percentile_cont(array[0.5, 0.95, 0.99]) within group';

/** $1 is a value and no expression: only then is it known beforehand how few rows are meant. */
const sinceWhen = (text: string) => (since: Date) => ({ text, values: [since] });

export const scansSince = sinceWhen(`
  select count(*)::int as begun, count(*) filter (where status = 'DECODED')::int as decoded,
    count(*) filter (where status = 'REJECTED')::int as rejected,
    count(*) filter (where status = 'GIVEN_UP')::int as given_up,
    count(*) filter (where status = 'PENDING')::int as pending,
    ${PERCENTILES} (order by extract(epoch from updated_at - created_at)::float8 * 1000)
      filter (where status = 'DECODED') as latencies
  from scan where created_at >= $1`);

export const questionsSince = sinceWhen(`
  select outcome, reason, count(*)::int as count from decode_exchange where finished_at >= $1 group by outcome, reason`);

/** A debit that was taken has not been touched since, unless its money had to go back. */
export const debitsSince = sinceWhen(`
  select count(*)::int as confirmed,
    count(*) filter (where status in ('DEBITED', 'REVERSING', 'REVERSED'))::int as paid,
    count(*) filter (where status = 'REFUSED')::int as refused,
    count(*) filter (where status = 'DEBITED')::int as measured,
    ${PERCENTILES} (order by extract(epoch from updated_at - created_at)::float8 * 1000)
      filter (where status = 'DEBITED') as latencies
  from debit where created_at >= $1`);

export const resultsSince = sinceWhen(`
  select count(*)::int as final, count(delivered_at)::int as acknowledged,
    ${PERCENTILES} (order by extract(epoch from delivered_at - created_at)::float8 * 1000)
      filter (where delivered_at is not null) as latencies
  from notification where created_at >= $1`);

import type { Query } from '../../../platform/database/reading-pool.js';

/** Each kind is read by the index on the time of its table. */
const OF_LAST_HOUR = `
  select 'scan' as kind, coalesce(e.result_code, e.reason, e.outcome) as code, e.finished_at as at, s.payment_id,
    s.scan_id, s.customer_id
  from decode_exchange e join scan s using (scan_id)
  where e.finished_at >= db_now() - interval '1 hour' and e.outcome <> 'accepted'
  union all
  select 'debit', d.refusal_code, d.created_at, d.payment_id, null, o.customer_id
  from debit d join payment_order o using (payment_id)
  where d.created_at >= db_now() - interval '1 hour' and d.status = 'REFUSED'
  union all
  select 'result', coalesce(a.result_code, a.reason, a.outcome), a.finished_at, a.payment_id, null, o.customer_id
  from notification_attempt a join payment_order o using (payment_id)
  where a.finished_at >= db_now() - interval '1 hour' and a.outcome <> 'accepted'`;

/** The errors of the last hour with their counts, most frequent first. */
export function errorCounts(atMost: number): Query {
  return {
    text: `
      select kind, code, count(*)::int as count, max(at) as last_at from (${OF_LAST_HOUR}) error
      group by kind, code order by count desc, kind, code limit $1`,
    values: [atMost],
  };
}

/** The newest errors of one kind and code, with the payment or scan they belong to. */
export function errorsBehind(kind: string, code: string, atMost: number): Query {
  return {
    text: `
      select at, payment_id, scan_id, customer_id from (${OF_LAST_HOUR}) error
      where kind = $1 and code = $2 order by at desc limit $3`,
    values: [kind, code, atMost],
  };
}

import type { Statement } from '../../../platform/database/database.js';

/**
 * What happened in each minute of a span, from the append-only tables; the index on the time of each bounds what is
 * read. $1 the first minute, $2 the first minute after the span
 */
export const MINUTES: Statement = {
  name: 'console_minutes',
  text: `
    with asked as (
      select date_trunc('minute', finished_at) as minute, count(*) as calls,
        count(*) filter (where outcome = 'unknown') as unknown,
        percentile_disc(0.5) within group (order by duration_ms) as p50_ms,
        percentile_disc(0.99) within group (order by duration_ms) as p99_ms
      from decode_exchange where finished_at >= $1 and finished_at < $2 group by 1),
    told as (
      select date_trunc('minute', finished_at) as minute, count(*) as calls,
        count(*) filter (where outcome = 'unknown') as unknown,
        count(*) filter (where outcome <> 'unknown') as ended
      from notification_attempt where finished_at >= $1 and finished_at < $2 group by 1),
    moved as (
      select date_trunc('minute', at) as minute, count(*) filter (where event = 'DECODED') as decoded,
        count(*) filter (where to_status = 'PAID' and from_status = 'DEBITING') as paid,
        count(*) filter (where event = 'REDELIVERY_REQUESTED' and detail ->> 'notificationWas' <> 'PENDING')
          as reopened
      from payment_history where at >= $1 and at < $2 group by 1),
    made as (
      select date_trunc('minute', created_at) as minute, count(*) as results
      from notification where created_at >= $1 and created_at < $2 group by 1)
    select minute, coalesce(decoded, 0)::int as decoded, coalesce(paid, 0)::int as paid,
      coalesce(asked.calls, 0)::int as asked, coalesce(asked.unknown, 0)::int as asked_unknown,
      asked.p50_ms, asked.p99_ms,
      coalesce(told.calls, 0)::int as told, coalesce(told.unknown, 0)::int as told_unknown,
      (coalesce(results, 0) + coalesce(reopened, 0))::int as results_opened, coalesce(ended, 0)::int as results_ended
    from asked full join told using (minute) full join moved using (minute) full join made using (minute)`,
};

/** What is waiting now. Each count uses a small index of its own and stops at $1. Also the time of the database. */
export const WAITING: Statement = {
  name: 'console_waiting',
  text: `
    select db_now() as now,
      (select count(*) from (select from scan where status = 'PENDING' limit $1) s)::int as scans_pending,
      (select count(*) from (select from notification where status = 'PENDING' limit $1) n)::int as results_pending,
      (select min(created_at) from notification where status = 'PENDING') as oldest_result_at,
      (select until from decode_pause where until > db_now()) as decode_paused_until`,
};

import type { Statement } from '../platform/database/statement.js';

/** Wins the turn of a notification that is due. */
export const CLAIM_NOTIFICATION: Statement = {
  name: 'notification_claim',
  text: `
    with clock as materialized (select db_now() as now)
    update notification set lease_until = now + $2 * interval '1 ms', updated_at = now from clock
    where payment_id = $1 and status = 'PENDING' and next_attempt_at <= now + $3 * interval '1 ms'
      and (lease_until is null or lease_until <= now)
    returning payment_id, url, body, body_sha256, tries, tries - schedule_from as schedule_tries, requested_by,
      gives_up_at, now, gives_up_at <= now as is_overdue,
      array(select threshold from notification_alarm a where a.payment_id = notification.payment_id) as alarms`,
};

/**
 * One try is over: its evidence and what it means for the notification are written together. An acknowledgement counts
 * even when the notification was parked or rejected while it was on its way. A try that an operator asked for meanwhile
 * is due at once; no try is set beyond the end.
 * $1 payment_id, $2..$9 the evidence, $10 new status, $11 delay in ms until the next try or null, $12 who asked
 */
export const RECORD_ATTEMPT: Statement = {
  name: 'notification_attempt',
  text: `
    with clock as materialized (select db_now() as now),
    n as (
      update notification set status = $10, tries = tries + 1, lease_until = null,
        last_outcome = $3 || coalesce(':' || coalesce($4, $5), ''),
        next_attempt_at = case
          when $10 <> 'PENDING' then null
          when nullif(requested_by, $12) is not null then now
          else least(now + $11 * interval '1 ms', greatest(gives_up_at, now)) end,
        requested_by = nullif(requested_by, $12),
        delivered_at = case when $10 = 'DELIVERED' then now end, updated_at = now
      from clock
      where payment_id = $1 and (status = 'PENDING' or ($10 = 'DELIVERED' and status in ('PARKED', 'REJECTED')))
      returning notification.*),
    attempt as (
      insert into notification_attempt (payment_id, attempt, finished_at, duration_ms, outcome, reason, result_code,
        http_status, request_time, key_version, answer, requested_by)
      select $1, (select tries + 1 from notification where payment_id = $1), now, $2, $3, $4, $5, $6, $7, $8, $9, $12
      from clock)
    select tries, tries - schedule_from as schedule_tries, created_at, now,
      extract(epoch from next_attempt_at - now) * 1000 as delay_ms
    from n, clock`,
};

/** Sets the next try without one having been made. */
export const DEFER_NOTIFICATION: Statement = {
  name: 'notification_defer',
  text: `
    with clock as materialized (select db_now() as now)
    update notification set lease_until = null, updated_at = now,
      next_attempt_at = least(now + $2 * interval '1 ms', greatest(gives_up_at, now))
    from clock where payment_id = $1 and status = 'PENDING'
    returning tries, extract(epoch from next_attempt_at - now) * 1000 as delay_ms`,
};

/** Its end has come without an acknowledgement: it waits for a person, with an alarm. */
export const PARK_NOTIFICATION: Statement = {
  name: 'notification_park',
  text: `
    update notification set status = 'PARKED', next_attempt_at = null, lease_until = null, last_outcome = $2,
      updated_at = db_now()
    where payment_id = $1 and status = 'PENDING' returning payment_id as id`,
};

/** Nothing comes back when this threshold has alarmed for this notification before. */
export const RAISE_ALARM: Statement = {
  name: 'notification_alarm',
  text: `
    insert into notification_alarm (payment_id, threshold, raised_at) values ($1, $2, db_now())
    on conflict do nothing returning payment_id as id`,
};

/** The oldest of each state, by one look at the edge of the index each. */
export const OLDEST_UNDELIVERED: Statement = {
  name: 'notification_oldest',
  text: `
    select status, coalesce(extract(epoch from db_now() - (
      select created_at from notification n where n.status = states.status order by created_at limit 1)), 0)::float8
      as age_seconds
    from (values ('PENDING'), ('PARKED'), ('REJECTED')) states (status)`,
};

import { named, recordset, selected } from '../../platform/database/columns.js';
import type { Statement } from '../../platform/database/database.js';
import { claimDue } from '../../platform/delivery/claim-due.js';
import { EXCHANGE_COLUMNS } from '../evidence/exchange-evidence.js';
import { hidden } from '../order/statement-parts.js';

/** Claims notifications that are due, host by host. */
export const CLAIM_NOTIFICATIONS: Statement = {
  name: 'notification_claim',
  text: claimDue({
    table: 'notification',
    key: 'payment_id',
    lane: 'host',
    returning:
      'url, body, body_sha256, tries, tries - schedule_from as schedule_tries, requested_by, traceparent',
  }),
};

/** Gives claims back that were not used. */
export const RELEASE_NOTIFICATIONS: Statement = {
  name: 'notification_release',
  text: `
    update notification set lease_until = null, updated_at = db_now()
    where payment_id = any ($1::uuid[]) and status = ${hidden('PENDING')}`,
};

const ENDED = {
  payment_id: 'uuid',
  ...EXCHANGE_COLUMNS,
  status: 'text',
  delay_ms: 'float8',
  asked_by: 'text',
} as const;

/**
 * Attempts that are over: the evidence of each and its effect on the notification are written together. An
 * acknowledgement counts even when the notification was parked or rejected while it was on its way. An attempt that an
 * operator requested meanwhile is due at once; no attempt is set after the end. Ten failed attempts raise an alarm. $1
 * a list of them in JSON, because of a list in an array the planner would count the elements and plan anew each time
 */
export const RECORD_ATTEMPTS: Statement = {
  name: 'notification_attempts',
  text: `
    with clock as materialized (select db_now() as now),
    ended as materialized (
      ${recordset(ENDED)}),
    n as (
      update notification set status = e.status, tries = tries + 1, lease_until = null,
        watch_at = case when e.status = 'PENDING' then watch_at end,
        last_outcome = e.outcome || coalesce(':' || coalesce(e.reason, e.result_code), ''),
        next_attempt_at = case
          when e.status <> 'PENDING' then null
          when nullif(requested_by, e.asked_by) is not null then now
          else least(now + e.delay_ms * interval '1 ms', greatest(gives_up_at, now)) end,
        requested_by = nullif(requested_by, e.asked_by),
        delivered_at = case when e.status = 'DELIVERED' then now end, updated_at = now
      from ended e, clock
      where notification.payment_id = e.payment_id and (notification.status = ${hidden('PENDING')}
        or (e.status = 'DELIVERED' and notification.status in ('PARKED', 'REJECTED')))
      returning notification.payment_id, notification.status, tries, next_attempt_at),
    attempt as (
      insert into notification_attempt (payment_id, attempt, finished_at, requested_by, ${named(EXCHANGE_COLUMNS)})
      select e.payment_id, before.tries + 1, now, e.asked_by, ${selected('e', Object.keys(EXCHANGE_COLUMNS))}
      from ended e join notification before using (payment_id), clock),
    alarm as (
      insert into notification_alarm (payment_id, threshold, raised_at)
      select payment_id, 'ten_tries', now from n, clock where status = 'PENDING' and tries >= 10
      on conflict do nothing returning payment_id)
    select n.payment_id, n.tries, extract(epoch from n.next_attempt_at - now)::float8 * 1000 as delay_ms,
      alarm.payment_id is not null as is_alarming
    from n left join alarm using (payment_id), clock`,
};

/** In the history of the payment, with all its other changes. */
function parkedEvent(parked: string): string {
  return `
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, ${parked}.updated_at, 'NOTIFICATION_PARKED', o.status, o.status, 'notify',
        jsonb_build_object('tries', ${parked}.tries, 'lastOutcome', ${parked}.last_outcome)
      from ${parked} join payment_order o using (payment_id)`;
}

/** Not sent like this: it waits for a person, with an alarm. */
export const PARK_NOTIFICATION: Statement = {
  name: 'notification_park',
  text: `
    with n as (
      update notification set status = 'PARKED', next_attempt_at = null, watch_at = null, lease_until = null,
        last_outcome = $2, updated_at = db_now()
      where payment_id = $1 and status = ${hidden('PENDING')} returning payment_id, updated_at, tries, last_outcome),
    history as (${parkedEvent('n')})
    select payment_id as id from n`,
};

/**
 * What the clock alone brings, also to those whose host is not called at the moment: alarms half an hour before 00:30 at
 * UTC+8, when the day's clearing closes, and an hour before 08:00; and the end, which is that 08:00. One that is on its
 * way is left until its answer is written down. Each threshold comes back once for a notification.
 * $1 how many, $2 what is written down of those that are parked
 */
export const WATCH_NOTIFICATIONS: Statement = {
  name: 'notification_watch',
  text: `
    with clock as materialized (select db_now() as now),
    overdue as (
      select payment_id from notification
      where watch_at <= (select now from clock)
        and (lease_until is null or lease_until <= (select now from clock))
      order by watch_at limit $1 for update skip locked),
    n as (
      update notification set updated_at = now,
        watch_at = case
          when gives_up_at - interval '1 hour' > now then gives_up_at - interval '1 hour'
          when gives_up_at > now then gives_up_at end,
        status = case when gives_up_at <= now then 'PARKED' else status end,
        next_attempt_at = case when gives_up_at > now then next_attempt_at end,
        lease_until = case when gives_up_at > now then lease_until end,
        last_outcome = case when gives_up_at > now then last_outcome else $2 end
      from clock where payment_id = any (array(select payment_id from overdue))
      returning payment_id, url, status, tries, gives_up_at, updated_at, last_outcome),
    history as (${parkedEvent('n')} where n.status = 'PARKED'),
    alarm as (
      insert into notification_alarm (payment_id, threshold, raised_at)
      select payment_id, threshold, now
      from n, clock, (values ('before_clearing', interval '8 hours'), ('before_the_end', interval '1 hour'))
        t (threshold, ahead)
      where gives_up_at - ahead <= now
      on conflict do nothing returning payment_id, threshold)
    select payment_id, url, status, tries, gives_up_at,
      array(select threshold from alarm a where a.payment_id = n.payment_id order by threshold) as thresholds
    from n`,
};

/** The oldest of each state and host, each by one read at the edge of an index without delivered rows. */
export const OLDEST_UNDELIVERED: Statement = {
  name: 'notification_oldest',
  text: `
    with recursive hosts as (
      select status, (select n.host from notification n where n.status = s.status and n.delivered_at is null
        order by n.host limit 1) as host
      from (values ('PENDING'), ('PARKED'), ('REJECTED')) s (status)
      union all
      select status, (select n.host from notification n where n.status = hosts.status and n.host > hosts.host
        and n.delivered_at is null order by n.host limit 1)
      from hosts where host is not null)
    select status, host, extract(epoch from db_now() - (
      select created_at from notification n where n.status = hosts.status and n.host = hosts.host
        and n.delivered_at is null order by created_at limit 1))::float8 as age_seconds
    from hosts where host is not null`,
};

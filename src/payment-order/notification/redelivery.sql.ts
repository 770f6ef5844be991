import type { Statement } from '../../platform/database/database.js';
import { axes } from '../order/statement-parts.js';

/**
 * Redelivers the same notification: it is due now, with a new window and schedule. One that is still
 * pending keeps both and is only due now. Its body, its address and its one row stay as they are.
 * $1 the payment_ids, $2 who asks, $3 why
 */
export const REDELIVER: Statement = {
  name: 'redelivery',
  text: `
    with clock as materialized (select db_now() as now),
    before as (
      select payment_id, status, status = 'PENDING' and gives_up_at > now as is_on_schedule
      from notification, clock where payment_id = any($1::uuid[]) and status <> 'DELIVERED'
      order by payment_id for update of notification),
    n as (
      update notification set status = 'PENDING', next_attempt_at = now, requested_by = $2, updated_at = now,
        gives_up_at = case when is_on_schedule then gives_up_at else notification_end(now) end,
        schedule_from = case when is_on_schedule then schedule_from else tries end
      from before, clock where notification.payment_id = before.payment_id
      returning notification.payment_id, before.status as was_status, tries, gives_up_at, last_outcome),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select n.payment_id, now, 'REDELIVERY_REQUESTED', o.status, o.status, $2::text,
        jsonb_strip_nulls(jsonb_build_object('reason', $3::text, 'notificationWas', n.was_status, 'tries', n.tries,
          'lastOutcome', n.last_outcome))
      from n join payment_order o using (payment_id), clock),
    action as (
      insert into operator_action (payment_id, at, actor, act, reason, outcome, before, after)
      select n.payment_id, now, $2::text, 'redeliver', $3::text, 'DONE', ${axes('o.status', 'n.was_status')},
        ${axes('o.status', `'PENDING'`)}
      from n join payment_order o using (payment_id), clock)
    select payment_id, was_status, tries, gives_up_at from n order by payment_id`,
};

/** $1 payment_id */
export const STANDING: Statement = {
  name: 'redelivery_standing',
  text: `
    select o.status, n.status as notification_status from payment_order o left join notification n using (payment_id) where o.payment_id = $1`,
};

/**
 * Notifications that an operator may redeliver, oldest first, found host by host along the index. $1 the statuses, $2
 * since, $3 until or null, $4 host or host:port or null, $5 how many
 */
export const FIND_UNDELIVERED: Statement = {
  name: 'redelivery_find',
  text: `
    with recursive hosts as (
      select s.status, (select n.host from notification n where n.status = s.status and n.delivered_at is null
        order by n.host limit 1) as host
      from unnest($1::text[]) s (status)
      union all
      select status, (select n.host from notification n where n.status = hosts.status and n.host > hosts.host
        and n.delivered_at is null order by n.host limit 1)
      from hosts where host is not null)
    select found.payment_id, found.status, found.tries, found.last_outcome, found.created_at, found.host
    from hosts, lateral (
      select * from notification n
      where n.status = hosts.status and n.host = hosts.host and n.delivered_at is null and n.created_at >= $2
        and ($3::timestamptz is null or n.created_at < $3)
      order by n.created_at limit $5) found
    where $4::text is null or hosts.host = lower($4) or regexp_replace(hosts.host, ':[0-9]+$', '') = lower($4)
    order by found.created_at, found.payment_id limit $5`,
};

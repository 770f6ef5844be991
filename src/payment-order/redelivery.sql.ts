import type { Statement } from '../platform/database/statement.js';
import { axes } from './statement-parts.js';

/**
 * Asks for the same notification again: it is due now, with a window and a schedule that begin anew. One that is still
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
      from n join payment_order o using (payment_id), clock
      returning history_id, payment_id),
    action as (
      insert into operator_action (payment_id, at, actor, act, reason, outcome, before, after)
      select n.payment_id, now, $2::text, 'redeliver', $3::text, 'DONE', ${axes('o.status', 'n.was_status')},
        ${axes('o.status', `'PENDING'`)}
      from n join payment_order o using (payment_id), clock)
    select n.payment_id, n.was_status, n.tries, n.gives_up_at, h.history_id::text as generation
    from n join history h using (payment_id) order by n.payment_id`,
};

/** $1 payment_id */
export const STANDING: Statement = {
  name: 'redelivery_standing',
  text: `
    select o.status, n.status as notification_status from payment_order o left join notification n using (payment_id) where o.payment_id = $1`,
};

/**
 * Whose redelivery an operator may want, oldest first.
 * $1 the statuses, $2 since, $3 until or null, $4 host or host:port or null, $5 how many
 */
export const FIND_UNDELIVERED: Statement = {
  name: 'redelivery_find',
  text: `
    select payment_id, status, tries, last_outcome, created_at, host from (
      select n.*, lower(substring(url from '^[A-Za-z]+://(?:[^/?#@]*@)?([^/?#]*)')) as host from notification n
      where status = any($1::text[]) and status <> 'DELIVERED' and created_at >= $2
        and ($3::timestamptz is null or created_at < $3)) undelivered
    where $4::text is null or host = lower($4) or regexp_replace(host, ':[0-9]+$', '') = lower($4)
    order by created_at, payment_id limit $5`,
};

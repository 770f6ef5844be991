import { recordset, type ColumnTypes } from '../../platform/database/columns.js';
import type { Statement } from '../../platform/database/database.js';
import { claimDue } from '../../platform/delivery/claim-due.js';
import { hidden } from '../order/statement-parts.js';

/** Whether an earlier event of the same payment is still to be delivered there; `d` names the row. */
const isBehind = (d: string) => `exists (
        select from event_delivery earlier where earlier.subject_id = ${d}.subject_id
          and earlier.endpoint = ${d}.endpoint and earlier.sequence < ${d}.sequence and earlier.next_attempt_at is not null)`;

/**
 * The same for an event that another worker is spreading: its deliveries are not visible yet. `but`: those of our own.
 */
const isAhead = (d: string, but = '') => `exists (
        select from wallet_event earlier where earlier.spread_at is null and earlier.sequence < ${d}.sequence
          and coalesce(earlier.payment_id, earlier.scan_id) = ${d}.subject_id ${but})`;

/** The least time that a delivery waits for an earlier one; the end of that one makes it due at once. */
const BLOCKED = `interval '5 s'`;

/**
 * The endpoints as the settings name them. $1 names and types in JSON, types null for all
 */
export const SET_ENDPOINTS: Statement = {
  name: 'event_endpoints',
  text: `
    with input as materialized (
      select name, types from json_to_recordset($1::json) t (name text, types text[])),
    gone as (
      delete from event_endpoint where name not in (select name from input))
    insert into event_endpoint (name, types) select name, types from input
    on conflict (name) do update set types = excluded.types where event_endpoint.types is distinct from excluded.types`,
};

export const READ_ENDPOINTS: Statement = {
  name: 'event_endpoints_read',
  text: `select name from event_endpoint order by name`,
};

/**
 * Makes a delivery of new events for every endpoint that wants them. The first of a payment is due now, the others when
 * the one before them is done. Several workers may do so at once: each event is spread by one of them.
 * $1 how many events, $2 for how long they are tried in ms
 */
export const SPREAD_EVENTS: Statement = {
  name: 'event_spread',
  text: `
    with clock as materialized (select db_now() as now),
    unspread as materialized (
      select sequence from wallet_event where spread_at is null order by sequence limit $1 for update skip locked),
    e as (
      update wallet_event set spread_at = now from clock
      where sequence in (select sequence from unspread)
      returning sequence, event_id, type, coalesce(payment_id, scan_id) as subject_id),
    d as materialized (
      select e.*, p.name as endpoint,
        row_number() over (partition by e.subject_id, p.name order by e.sequence) as nth
      from e join event_endpoint p on p.types is null or e.type = any (p.types)),
    spread as (
      insert into event_delivery (event_id, sequence, subject_id, endpoint, status, next_attempt_at, gives_up_at,
        created_at, updated_at)
      select event_id, sequence, subject_id, endpoint, 'PENDING',
        case when nth > 1 or ${isBehind('d')}
          or ${isAhead('d', 'and earlier.sequence not in (select sequence from unspread)')} then now + ${BLOCKED} else now end,
        now + $2 * interval '1 ms', now, now
      from d, clock order by sequence, endpoint)
    select (select count(*)::int from e) as events, (select count(*)::int from d) as deliveries`,
};

/** Claims deliveries that are due, endpoint by endpoint. */
export const CLAIM_DELIVERIES: Statement = {
  name: 'event_claim',
  text: claimDue({
    table: 'event_delivery',
    key: 'delivery_id',
    lane: 'endpoint',
    returning: `event_id, tries, tries - schedule_from as schedule_tries, requested_by,
        ${isBehind('event_delivery')} or ${isAhead('event_delivery')} as is_blocked`,
  }),
};

/** Gives claims back that were not used. $1 the delivery_ids */
export const RELEASE_DELIVERIES: Statement = {
  name: 'event_release',
  text: `
    update event_delivery set lease_until = null, updated_at = db_now()
    where delivery_id = any ($1::bigint[]) and status = ${hidden('PENDING')}`,
};

/** It waits for an earlier one of its payment, for as long as that one waits. $1 delivery_id */
export const DEFER_DELIVERY: Statement = {
  name: 'event_defer',
  text: `
    with clock as materialized (select db_now() as now)
    update event_delivery d set lease_until = null, updated_at = now, next_attempt_at = greatest(now + ${BLOCKED},
      (select max(earlier.next_attempt_at) from event_delivery earlier where earlier.subject_id = d.subject_id
        and earlier.endpoint = d.endpoint and earlier.sequence < d.sequence and earlier.next_attempt_at is not null))
    from clock where delivery_id = $1 and status = ${hidden('PENDING')}`,
};

/** An event, and the line of the history it comes from. $1 event_id */
export const READ_EVENT: Statement = {
  name: 'event_read',
  text: `
    select e.event_id, e.type, e.payment_id, e.scan_id, e.at, e.body, h.from_status, h.to_status,
      h.detail ->> 'refundId' as refund_id
    from wallet_event e left join payment_history h using (history_id) where e.event_id = $1`,
};

/** The first bytes that were written stay. $1 event_id, $2 bytes */
export const FREEZE_EVENT: Statement = {
  name: 'event_freeze',
  text: `update wallet_event set body = coalesce(body, $2) where event_id = $1 returning body`,
};

const ENDED = {
  delivery_id: 'numeric',
  status: 'text',
  outcome: 'text',
  delay_ms: 'float8',
  asked_by: 'text',
} as const satisfies ColumnTypes;

/**
 * Attempts that are over. An acknowledgement counts even when the delivery was parked meanwhile. One that an operator
 * asked for meanwhile is due at once. When one is delivered, the next of its payment is due.
 * $1 a list of them in JSON
 */
export const RECORD_DELIVERIES: Statement = {
  name: 'event_record',
  text: `
    with clock as materialized (select db_now() as now),
    ended as materialized (
      ${recordset(ENDED)}),
    d as (
      update event_delivery set status = e.status, tries = tries + 1, lease_until = null, last_outcome = e.outcome,
        next_attempt_at = case
          when e.status <> 'PENDING' then null
          when nullif(requested_by, e.asked_by) is not null then now
          else least(now + e.delay_ms * interval '1 ms', greatest(gives_up_at, now)) end,
        requested_by = nullif(requested_by, e.asked_by),
        delivered_at = case when e.status = 'DELIVERED' then now else delivered_at end, updated_at = now
      from ended e, clock
      where event_delivery.delivery_id = e.delivery_id::bigint and (event_delivery.status = ${hidden('PENDING')}
        or (e.status = 'DELIVERED' and event_delivery.status = 'PARKED'))
      returning event_delivery.delivery_id, subject_id, endpoint, sequence, event_delivery.status, tries,
        next_attempt_at),
    behind as (
      update event_delivery n set next_attempt_at = least(n.next_attempt_at, now) from d, clock
      where d.status = 'DELIVERED' and n.delivery_id = (
        select w.delivery_id from event_delivery w
        where w.subject_id = d.subject_id and w.endpoint = d.endpoint and w.sequence > d.sequence
          and w.next_attempt_at is not null
        order by w.sequence limit 1)
      returning d.delivery_id)
    select d.delivery_id, d.tries, extract(epoch from d.next_attempt_at - now)::float8 * 1000 as delay_ms,
      exists (select from behind where behind.delivery_id = d.delivery_id) as has_next
    from d, clock`,
};

/**
 * Nobody acknowledged in time: it waits for an operator, and makes way for the next. A delivery whose endpoint was
 * removed raises no alarm. $1 how many, $2 why
 */
export const PARK_OVERDUE: Statement = {
  name: 'event_park_overdue',
  text: `
    with clock as materialized (select db_now() as now),
    overdue as (
      select delivery_id from event_delivery
      where next_attempt_at is not null and gives_up_at <= (select now from clock)
        and (lease_until is null or lease_until <= (select now from clock))
      order by gives_up_at limit $1 for update skip locked)
    update event_delivery d set status = 'PARKED', next_attempt_at = null, lease_until = null,
      last_outcome = coalesce(last_outcome, $2), updated_at = now
    from clock, wallet_event e
    where d.delivery_id in (select delivery_id from overdue) and e.event_id = d.event_id
    returning d.event_id, d.endpoint, d.tries, e.type,
      exists (select from event_endpoint p where p.name = d.endpoint) as is_told`,
};

/** The oldest of each state and endpoint. */
export const OLDEST_UNDELIVERED: Statement = {
  name: 'event_oldest',
  text: `
    select p.endpoint, s.status, extract(epoch from db_now() - oldest.created_at)::float8 as age_seconds
    from (select name as endpoint from event_endpoint) p, (values ('PENDING'), ('PARKED')) s (status), lateral (
      select created_at from event_delivery d where d.status = s.status and d.endpoint = p.endpoint
        and d.status <> 'DELIVERED' order by created_at limit 1) oldest`,
};

/** Deletes events older than $1 days, unless a delivery is still pending. $2 how many */
export const FORGET_EVENTS: Statement = {
  name: 'event_forget',
  text: `
    delete from wallet_event where sequence = any (array(
      select e.sequence from wallet_event e
      where e.at < db_now() - $1 * interval '1 day' and not exists (
        select from event_delivery d where d.event_id = e.event_id and d.next_attempt_at is not null)
      order by e.at limit $2)) returning sequence`,
};

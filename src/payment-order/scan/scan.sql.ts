import { named, recordset } from '../../platform/database/columns.js';
import type { Statement } from '../../platform/database/database.js';
import { EXCHANGE_COLUMNS } from '../evidence/exchange-evidence.js';
import { hidden } from '../order/statement-parts.js';
import { FREE_FROM, HAS_FREE_CALL } from './decode-budget.sql.js';
import { INSERTED_COLUMNS } from './decoded-order.row.js';
import { BEGUN_COLUMNS, SCAN_COLUMNS } from './scan.row.js';

/**
 * Commits scans, or finds for each the one that already stands for its code: a decode in flight, or an order that is
 * still open. One round trip, and the unique index on codes in flight decides between two at the same moment. Groups
 * insert in the order of the codes, so that two of them never wait for each other in a circle.
 * $1 a list of scans in JSON
 */
export const BEGIN_SCANS: Statement = {
  name: 'scan_begin',
  text: `
    with clock as materialized (select db_now() as now),
    input as materialized (
      ${recordset(BEGUN_COLUMNS)}),
    standing as (
      select input.scan_id as asked, s.* from input, clock, lateral (
        select s.* from scan s where s.code_hash = input.code_hash and s.status = 'PENDING'
        union all
        select s.* from scan s, lateral (
          select status, expires_at from payment_order where payment_id = s.payment_id offset 0) o
        where s.code_hash = input.code_hash and s.status <> 'PENDING' and s.status = 'DECODED'
          and (o.status = 'DEBITING' or (o.status in ('AWAITING_CONFIRMATION', 'HELD') and o.expires_at > clock.now))
        order by created_at desc limit 1) s),
    begun as (
      insert into scan (scan_id, customer_id, code_hash, request_body, status, next_attempt_at, lease_until,
        gives_up_at, created_at, updated_at, traceparent)
      select scan_id, customer_id, code_hash, request_body, 'PENDING',
        least(greatest(until, now), now + window_ms * interval '1 ms'),
        case when until <= now then now + lease_ms * interval '1 ms' end,
        now + window_ms * interval '1 ms', now, now, traceparent
      from input, clock, decode_pause
      where pause_id = 1 and not exists (select 1 from standing where asked = input.scan_id)
      order by code_hash
      on conflict (code_hash) where status = 'PENDING' do nothing
      returning *)
    select s.scan_id as asked, true as begun, s.lease_until is not null as leased, ${SCAN_COLUMNS}, clock.now
    from begun s, clock
    union all
    select asked, false, false, ${SCAN_COLUMNS}, clock.now from standing s, clock`,
};

/**
 * Claims the next attempt of a scan that is due, for the length of the lease, and takes its call from the budget of the
 * fleet. When none is free the row stays due, for the sweeper that works off the backlog. During a pause of the fleet
 * there is no attempt to claim, whoever asks for it; only an overdue scan can be ended. $2 lease and $3 early in ms, $4
 * between two calls in ms, or null when whoever took the scan has paid for its call
 */
export const CLAIM_SCAN: Statement = {
  name: 'scan_claim',
  text: `
    with clock as materialized (select db_now() as now),
    turn as materialized (
      select s.scan_id, s.gives_up_at <= now as is_overdue from scan s, clock
      where s.scan_id = $1 and s.status = ${hidden('PENDING')} and s.next_attempt_at <= now + $3 * interval '1 ms'
        and (s.lease_until is null or s.lease_until <= now)
        and (s.gives_up_at <= now or exists (select 1 from decode_pause where until <= now + $3 * interval '1 ms'))
      for no key update of s),
    paid as (
      update decode_budget set free_at = ${FREE_FROM} + $4::float8 * interval '1 ms'
      from turn, decode_pause, clock
      where not is_overdue and $4::float8 is not null and ${HAS_FREE_CALL}
      returning 1)
    update scan s set lease_until = now + $2 * interval '1 ms', updated_at = now
    from turn, clock
    where s.scan_id = turn.scan_id and (is_overdue or $4::float8 is null or exists (select 1 from paid))
    returning ${SCAN_COLUMNS}, s.request_body, is_overdue, now`,
};

export const FIND_SCAN: Statement = {
  name: 'scan_find',
  text: `select ${SCAN_COLUMNS}, db_now() as now from scan s where s.scan_id = $1`,
};

export const FINISHED_SCANS: Statement = {
  name: 'scan_finished',
  text: `select scan_id as id from scan where scan_id = any($1::uuid[]) and status <> 'PENDING'`,
};

/** $1 scan_id, then the evidence of the call. */
const EXCHANGE = `
  exchange as (
    insert into decode_exchange (scan_id, attempt, finished_at, ${named(EXCHANGE_COLUMNS)})
    select $1, (select tries + 1 from scan where scan_id = $1), now, $2, $3, $4, $5, $6, $7, $8, $9 from clock)`;

const ACCEPTED = {
  scan_id: 'uuid',
  ...EXCHANGE_COLUMNS,
  ...INSERTED_COLUMNS,
  expires_at: 'timestamptz',
  life_ms: 'float8',
  traceparent: 'text',
} as const;

/**
 * Accepted answers: for each the order with its first line of history, the scan's end and the evidence, all or nothing.
 * Returns only what the database decided, since the rest of a new order is what it was given. No row for an order that
 * exists already or a scan that has ended; `MERGE` looks closer then. Scans are locked and orders inserted in the order
 * of their ids, so that two groups never wait for each other in a circle. An order is found again by both its ids: by
 * one alone the planner expects so many that, while `scan` is small, it would plan to read all of it, and keep the plan.
 * $1 a list of answers in JSON
 */
export const ACCEPT_SCANS: Statement = {
  name: 'scan_accept',
  text: `
    with clock as materialized (select db_now() as now),
    input as materialized (
      ${recordset(ACCEPTED)}
      order by scan_id),
    exchange as (
      insert into decode_exchange (scan_id, attempt, finished_at, ${named(EXCHANGE_COLUMNS)})
      select scan_id, (select tries + 1 from scan where scan_id = input.scan_id), now, ${named(EXCHANGE_COLUMNS)}
      from input, clock),
    turn as materialized (
      select scan.scan_id, scan.customer_id from input, lateral (
        select s.scan_id, s.customer_id from scan s where s.scan_id = input.scan_id and s.status = ${hidden('PENDING')}
        for update) scan),
    o as (
      insert into payment_order (customer_id, expires_at, created_at, updated_at, ask_ledger, traceparent,
        ${named(INSERTED_COLUMNS)})
      select turn.customer_id, coalesce(expires_at, now + life_ms * interval '1 ms'), now, now,
        (select ask_until from record_watch where watch_id = 1) > now, traceparent,
        ${named(INSERTED_COLUMNS)}
      from input join turn using (scan_id), clock
      order by payment_request_id
      on conflict (payment_request_id) do nothing
      returning *),
    history as (
      insert into payment_history (payment_id, at, event, to_status, actor, detail)
      select payment_id, created_at, 'DECODED', status, 'alipay-plus',
        case when ask_ledger then '{"askLedger": true}'::jsonb end from o),
    ended as (
      update scan set status = 'DECODED', payment_id = o.payment_id, tries = tries + 1, next_attempt_at = null,
        lease_until = null, request_body = null, updated_at = o.created_at
      from o join input using (payment_id, payment_request_id) where scan.scan_id = input.scan_id)
    select payment_id, customer_id, expires_at, cancel_requested_at, ask_ledger, created_at from o`,
};

export const REJECT_SCAN: Statement = {
  name: 'scan_reject',
  text: `
    with clock as materialized (select db_now() as now),
    ${EXCHANGE}
    update scan s set status = 'REJECTED', result_code = $10, tries = tries + 1, next_attempt_at = null,
      lease_until = null, request_body = null, updated_at = now
    from clock where s.scan_id = $1 and s.status = ${hidden('PENDING')}
    returning ${SCAN_COLUMNS}, now`,
};

/** $10 delay in ms, $11 whether the attempt counts. The last one is at the deadline, to end the scan. */
export const POSTPONE_SCAN: Statement = {
  name: 'scan_postpone',
  text: `
    with clock as materialized (select db_now() as now),
    ${EXCHANGE}
    update scan s set tries = tries + case when $11 then 1 else 0 end, unknown_reason = $4, lease_until = null,
      next_attempt_at = least(now + $10 * interval '1 ms', greatest(gives_up_at, now)), updated_at = now
    from clock where s.scan_id = $1 and s.status = ${hidden('PENDING')}
    returning ${SCAN_COLUMNS}, now`,
};

export const DEFER_SCAN: Statement = {
  name: 'scan_defer',
  text: `
    with clock as materialized (select db_now() as now)
    update scan s set lease_until = null, updated_at = now,
      next_attempt_at = least(now + $2 * interval '1 ms', greatest(gives_up_at, now))
    from clock where s.scan_id = $1 and s.status = ${hidden('PENDING')}
    returning ${SCAN_COLUMNS}, now`,
};

export const GIVE_UP_SCAN: Statement = {
  name: 'scan_give_up',
  text: `
    with clock as materialized (select db_now() as now)
    update scan s set status = 'GIVEN_UP', next_attempt_at = null, lease_until = null, request_body = null,
      updated_at = now
    from clock where s.scan_id = $1 and s.status = ${hidden('PENDING')} and s.gives_up_at <= now
    returning ${SCAN_COLUMNS}, now`,
};

/**
 * How many different scans or customers got an answer with one of these codes lately, from any process.
 * $1 codes, $2 ms, $3 the most that is counted, $4 whether customers are counted, $5 the one that is not counted
 */
export const COUNT_ANSWERED: Statement = {
  name: 'decode_count_answered',
  text: `
    select count(*)::int as count from (
      select distinct case when $4::boolean then s.customer_id else s.scan_id::text end as of
      from decode_exchange e join scan s using (scan_id)
      where e.finished_at > db_now() - $2 * interval '1 ms' and e.result_code = any($1::text[])
        and e.outcome <> 'accepted' and case when $4::boolean then s.customer_id else s.scan_id::text end <> $5
      limit $3) answered`,
};

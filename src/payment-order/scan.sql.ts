import type { Statement } from '../platform/database/statement.js';
import { hidden } from './statement-parts.js';

const SCAN_COLUMNS = `s.scan_id, s.customer_id, s.status, s.result_code, s.payment_id, s.tries,
  s.next_attempt_at, s.gives_up_at, s.created_at`;

/**
 * The next free place in the line of those who wait for the end of a pause: one after the other, and not all at that
 * moment. Two who look at once may take one place; within it they are spread. `random` is in [0, 1), `gap` in ms.
 */
const place = (gap: string, random: string): string => `
        greatest(until, now) + (${random}::float8 + (select count(*) from (
          select 1 from scan w where w.status = 'PENDING' and w.next_attempt_at >= greatest(until, now) limit 5000)
          waiting)) * ${gap} * interval '1 ms'`;

/**
 * Commits a scan, or finds the one that already stands for this code: a decode in flight, or an order that is still
 * open. One round trip, and the unique index on codes in flight decides between two at the same moment.
 */
export const BEGIN_SCAN: Statement = {
  name: 'scan_begin',
  text: `
    with clock as materialized (select db_now() as now),
    standing as (
      select s.* from scan s left join payment_order o using (payment_id), clock
      where s.code_hash = $3 and (s.status = 'PENDING' or (s.status = 'DECODED' and
        (o.status = 'DEBITING' or (o.status in ('AWAITING_CONFIRMATION', 'HELD') and o.expires_at > clock.now))))
      order by s.created_at desc limit 1),
    begun as (
      insert into scan (scan_id, customer_id, code_hash, request_body, status, next_attempt_at, lease_until,
        gives_up_at, created_at, updated_at)
      select $1, $2, $3, $4, 'PENDING',
        case when until <= now then now else least(${place('$7', '$8')}, now + $5 * interval '1 ms') end,
        case when until <= now then now + $6 * interval '1 ms' end,
        now + $5 * interval '1 ms', now, now
      from clock, decode_pause where pause_id = 1 and not exists (select 1 from standing)
      on conflict (code_hash) where status = 'PENDING' do nothing
      returning *)
    select true as begun, s.lease_until is not null as leased, ${SCAN_COLUMNS}, clock.now from begun s, clock
    union all
    select false, false, ${SCAN_COLUMNS}, clock.now from standing s, clock`,
};

/**
 * Wins the next try of a scan that is due, for the length of the lease. During a pause of the fleet there is no try to
 * win, whoever asks for one and however it came to be asked for, and what fell due during it takes a place in the line
 * first (`scan_take_place`); only a scan out of time can be ended.
 */
export const CLAIM_SCAN: Statement = {
  name: 'scan_claim',
  text: `
    with clock as materialized (select db_now() as now)
    update scan s set lease_until = now + $2 * interval '1 ms', updated_at = now
    from clock
    where s.scan_id = $1 and s.status = ${hidden('PENDING')} and s.next_attempt_at <= now + $3 * interval '1 ms'
      and (s.lease_until is null or s.lease_until <= now)
      and (s.gives_up_at <= now or exists (
        select 1 from decode_pause where until <= now + $3 * interval '1 ms' and until <= s.next_attempt_at))
    returning ${SCAN_COLUMNS}, s.request_body, s.gives_up_at <= now as is_overdue, now`,
};

/** For one that fell due before a pause was over, once: from then on it is due after it. $2 early in ms */
export const TAKE_PLACE: Statement = {
  name: 'scan_take_place',
  text: `
    with clock as materialized (select db_now() as now)
    update scan s set updated_at = now, next_attempt_at = least(${place('$3', '$4')}, s.gives_up_at)
    from clock, decode_pause
    where s.scan_id = $1 and s.status = ${hidden('PENDING')} and s.next_attempt_at <= now + $2 * interval '1 ms'
      and s.next_attempt_at < until and s.gives_up_at > now and (s.lease_until is null or s.lease_until <= now)
    returning ${SCAN_COLUMNS}, now`,
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
    insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, reason, result_code, http_status,
      request_time, key_version, answer)
    select $1, (select tries + 1 from scan where scan_id = $1), now, $2, $3, $4, $5, $6, $7, $8, $9 from clock)`;

/**
 * An accepted answer: the order with its first line of history, the scan's end and the evidence, all or nothing.
 * Returns only what the database decided, since the rest of a new order is what it was given. No row when the order
 * exists already or the scan has ended; `MERGE` looks closer then.
 */
export const ACCEPT_SCAN: Statement = {
  name: 'scan_accept',
  text: `
    with clock as materialized (select db_now() as now),
    ${EXCHANGE},
    turn as (select scan_id, customer_id from scan where scan_id = $1 and status = ${hidden('PENDING')} for update),
    o as (
      insert into payment_order (payment_id, payment_request_id, customer_id, status, scenario, acquirer_id, psp_id,
        reference_order_id, merchant_id, merchant_name, payment_currency, payment_value, pay_to_currency, pay_to_value,
        pay_currency, pay_value, quote_id, quote_expires_at, expires_at, notify_url, content, content_sha256,
        held_reason, amount_flag, created_at, updated_at)
      select $10, $11, turn.customer_id, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
        coalesce($27, now + $28 * interval '1 ms'), $29, $30, $31, $32, $33, now, now
      from turn, clock
      on conflict (payment_request_id) do nothing
      returning *),
    history as (
      insert into payment_history (payment_id, at, event, to_status, actor)
      select payment_id, created_at, 'DECODED', status, 'alipay-plus' from o),
    ended as (
      update scan set status = 'DECODED', payment_id = o.payment_id, tries = tries + 1, next_attempt_at = null,
        lease_until = null, updated_at = o.created_at
      from o where scan.scan_id = $1)
    select customer_id, expires_at, cancel_requested_at, created_at from o`,
};

export const REJECT_SCAN: Statement = {
  name: 'scan_reject',
  text: `
    with clock as materialized (select db_now() as now),
    ${EXCHANGE}
    update scan s set status = 'REJECTED', result_code = $10, tries = tries + 1, next_attempt_at = null,
      lease_until = null, updated_at = now
    from clock where s.scan_id = $1 and s.status = ${hidden('PENDING')}
    returning ${SCAN_COLUMNS}, now`,
};

/** $10 delay in ms, $11 whether the try counts. The last turn is at the deadline, to end the scan. */
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
    update scan s set status = 'GIVEN_UP', next_attempt_at = null, lease_until = null, updated_at = now
    from clock where s.scan_id = $1 and s.status = ${hidden('PENDING')} and s.gives_up_at <= now
    returning ${SCAN_COLUMNS}, now`,
};

/** Nobody of the fleet asks before then; two who are told at once keep the later time. */
export const PAUSE_DECODING: Statement = {
  name: 'decode_pause',
  text: `update decode_pause set until = greatest(until, db_now() + $1 * interval '1 ms') where pause_id = 1`,
};

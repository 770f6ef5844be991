import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from '../order/payment-order.row.js';
import { FREE_FROM } from '../scan/decode-budget.sql.js';

interface Due {
  /** Where it is listed, as `t`. */
  readonly from: string;
  /** The row, as it rests under `sweep_rest`. */
  readonly id: string;
  /** Since when the row is overdue. */
  readonly since: string;
  readonly where: string;
  /** What is locked meanwhile, where it is not the listed row itself. */
  readonly locked?: string;
}

/**
 * The rows that were due first, for one sweeper alone: what another one is taking at this moment is passed over, and
 * what one took rests for $2 ms. So a batch is shared and not fought for, and rows that nobody can move do not stand in
 * the way of those behind them. $1 grace in ms, $3 the most rows
 */
const taken = (kind: string, due: Due): string => `
    with clock as materialized (select db_now() as now), ${takenUpTo('$3', kind, due)}`;

const takenUpTo = (limit: string, kind: string, { from, id, since, where, locked = 't' }: Due): string => `
    due as (
      select ${id} as id, ${since} as since from ${from}, clock
      where ${since} <= now - $1 * interval '1 ms' and ${where}
        and not exists (select 1 from sweep_rest r where r.kind = '${kind}' and r.id = ${id} and r.until > now)
      order by ${since} limit ${limit} for no key update of ${locked} skip locked),
    taken as (
      insert into sweep_rest (kind, id, until) select '${kind}', id, now + $2 * interval '1 ms' from due, clock order by id
      on conflict (kind, id) do update set until = excluded.until
        where sweep_rest.until <= (select now from clock)
      returning id)`;

const LATE = `(extract(epoch from now - since) * 1000)::float8 as late_ms`;
const FREE = `(lease_until is null or lease_until <= now)`;

const SCAN: Due = {
  from: 'scan t',
  id: 'scan_id',
  since: 'next_attempt_at',
  where: `status = 'PENDING' and ${FREE} and gives_up_at > now`,
};
/** Ended by its time alone: during a pause of the fleet too, and however many wait to be asked for. */
const OVERDUE_SCAN: Due = {
  from: 'scan t',
  id: 'scan_id',
  since: 'gives_up_at',
  where: `status = 'PENDING' and ${FREE}`,
};
const DEBIT: Due = {
  from: 'debit t',
  id: 'debit_id',
  since: 'next_attempt_at',
  where: `next_attempt_at is not null and status in ('INTENDED', 'IN_DOUBT', 'REVERSING') and ${FREE}`,
};
const REFUND: Due = {
  from: 'refund t',
  id: 'refund_id',
  since: 'next_attempt_at',
  where: `next_attempt_at is not null and status in ('REQUESTED', 'IN_DOUBT') and ${FREE}`,
};
/** The list tells which they are; the order is what others hold while they move it. */
const LISTED = {
  from: 'unpaid_order t join payment_order o using (payment_id)',
  id: 'payment_id',
  locked: 'o',
} as const;
/** Expired orders that were not confirmed. */
const EXPIRED: Due = {
  ...LISTED,
  since: 't.expires_at',
  where: `t.status in ('AWAITING_CONFIRMATION', 'HELD') and o.status = t.status`,
};
/** Cancelled orders that have not ended: a cancel that died half-way, or came before the order. */
const UNFINISHED: Due = {
  ...LISTED,
  since: 't.cancel_requested_at',
  where: `t.cancel_requested_at is not null and t.status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID')
        and o.status = t.status`,
};

const rows = (name: string, kind: string, due: Due): Statement => ({
  name: `sweep_${name}`,
  text: `${taken(kind, due)}
    select id, tries as turn, ${LATE} from taken join due using (id) join ${due.from} on ${due.id} = id, clock
    order by since`,
});

export const TAKE_ROWS = {
  give_up: rows('give_up', 'decode', OVERDUE_SCAN),
  debit: rows('debit', 'debit', DEBIT),
  refund: rows('refund', 'refund', REFUND),
} as const;

/**
 * Scans that are due to be asked for again, the calls for them taken from the budget of the fleet: who takes one has
 * paid for it. While another process takes calls nothing is taken: after a wait the statement would still see the rows
 * of before. Else at least one row, which tells how many were allowed. $4 between two calls in ms
 */
export const TAKE_SCANS: Statement = {
  name: 'sweep_decode',
  text: `
    with clock as materialized (select db_now() as now),
    shared as materialized (select free_at from decode_budget for no key update skip locked),
    budget as materialized (
      select from_at, case when from_at <= now
        then least($3, floor(extract(epoch from now - from_at)::float8 * 1000 / $4::float8)::int + 1) else 0 end as allowed
      from (select now, ${FREE_FROM} as from_at from shared, decode_pause, clock) free),
    ${takenUpTo('coalesce((select allowed from budget), 0)', 'decode', SCAN)},
    paid as (
      update decode_budget set free_at = from_at + (select count(*) from taken) * $4::float8 * interval '1 ms'
      from budget where exists (select 1 from taken))
    select allowed, found.* from budget left join (
      select id, tries as turn, ${LATE}, since, traceparent from taken join due using (id) join scan on scan_id = id, clock) found on true
    order by since`,
};

export const TAKE_EXPIRED: Statement = {
  name: 'sweep_expiry',
  text: `${taken('expiry', EXPIRED)}
    select ${ORDER_COLUMNS}, null as notification_status, clock.now, ${LATE}
    from taken join due using (id) join payment_order o on o.payment_id = id, clock order by since`,
};

export const TAKE_UNFINISHED: Statement = {
  name: 'sweep_cancel',
  text: `${taken('cancel', UNFINISHED)}
    select id, payment_request_id, ${LATE}
    from taken join due using (id) join payment_order on payment_id = id, clock order by since`,
};

/** One that could not be moved: $1 kind, $2 id, $3 rest in ms, $4 for how long it is not reported again, in ms. */
export const PUT_OFF: Statement = {
  name: 'sweep_put_off',
  text: `
    with clock as materialized (select db_now() as now)
    insert into sweep_rest (kind, id, until, told_at) select $1, $2, now + $3 * interval '1 ms', now from clock
    on conflict (kind, id) do update set until = excluded.until, told_at = case
      when sweep_rest.told_at > excluded.told_at - $4 * interval '1 ms' then sweep_rest.told_at
      else excluded.told_at end
    returning told_at = (select now from clock) as is_news`,
};

/** Rest that is over for long; $1 how long in ms, $2 the most rows. */
export const FORGET_RESTS: Statement = {
  name: 'sweep_forget',
  text: `
    with clock as materialized (select db_now() as now)
    delete from sweep_rest where ctid in (
      select ctid from sweep_rest, clock where until <= now - $1 * interval '1 ms' limit $2)`,
};

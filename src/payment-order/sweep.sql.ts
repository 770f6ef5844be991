import type { Statement } from '../platform/database/statement.js';
import { ORDER_COLUMNS } from './payment-order.row.js';

interface Due {
  readonly table: string;
  /** The row, as it rests under `sweep_rest`. */
  readonly id: string;
  /** Since when somebody should have come. */
  readonly since: string;
  readonly where: string;
}

/**
 * The rows that were due first, for one sweeper alone: what another one is taking at this moment is passed over, and
 * what one took rests for $2 ms. So a batch is shared and not fought for, and rows that nobody can move do not stand in
 * the way of those behind them. $1 grace in ms, $3 the most rows
 */
const taken = (kind: string, { table, id, since, where }: Due): string => `
    with clock as materialized (select db_now() as now),
    due as (
      select ${id} as id, ${since} as since from ${table} t, clock
      where ${since} <= now - $1 * interval '1 ms' and ${where}
        and not exists (select 1 from sweep_rest r where r.kind = '${kind}' and r.id = ${id} and r.until > now)
      order by ${since} limit $3 for no key update of t skip locked),
    taken as (
      insert into sweep_rest (kind, id, until) select '${kind}', id, now + $2 * interval '1 ms' from due, clock order by id
      on conflict (kind, id) do update set until = excluded.until
        where sweep_rest.until <= (select now from clock)
      returning id)`;

const LATE = `(extract(epoch from now - since) * 1000)::float8 as late_ms`;
const FREE = `(lease_until is null or lease_until <= now)`;

/** A scan out of time is ended during a pause of the fleet too. */
const SCAN: Due = {
  table: 'scan',
  id: 'scan_id',
  since: 'next_attempt_at',
  where: `status = 'PENDING' and ${FREE}
        and (gives_up_at <= now or exists (select 1 from decode_pause where until <= now))`,
};
const DEBIT: Due = {
  table: 'debit',
  id: 'debit_id',
  since: 'next_attempt_at',
  where: `next_attempt_at is not null and status in ('INTENDED', 'IN_DOUBT', 'REVERSING') and ${FREE}`,
};
/** Orders whose time is over and nobody confirmed. */
const EXPIRED: Due = {
  table: 'payment_order',
  id: 'payment_id',
  since: 'expires_at',
  where: `status in ('AWAITING_CONFIRMATION', 'HELD')`,
};
/** Cancelled orders that still stand as if they were not: a cancel that died half-way, or came before the order. */
const UNFINISHED: Due = {
  table: 'payment_order',
  id: 'payment_id',
  since: 'cancel_requested_at',
  where: `cancel_requested_at is not null and status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID')`,
};

const rows = (kind: string, due: Due): Statement => ({
  name: `sweep_${kind}`,
  text: `${taken(kind, due)}
    select id, tries as turn, ${LATE} from taken join due using (id) join ${due.table} on ${due.id} = id, clock
    order by since`,
});

export const TAKE_ROWS = {
  decode: rows('decode', SCAN),
  debit: rows('debit', DEBIT),
} as const;

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

/** One that could not be moved: $1 kind, $2 id, $3 rest in ms, $4 for how long it is not told again, in ms. */
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

import type { ClaimRequest } from './due-claimer.js';

export interface DueTable {
  readonly table: string;
  /** The column of its primary key. */
  readonly key: string;
  /** The column that says which lane a row belongs to. */
  readonly lane: string;
  /** What comes back of every claimed row, beside key, lane and `late_ms`. */
  readonly returning: string;
}

/**
 * The statement that claims due rows lane by lane, as many as there is room for. What came due a moment ago goes first,
 * the newest before the others, so that a backlog never delays it; the rest of the room takes the oldest, and so does a
 * probe of a paused host. Rows that
 * another worker is taking are passed over, but counted in `found`. Only what is pending has a next try, and the index
 * of the due is told by that alone.
 *
 * The table has the columns `status`, `next_attempt_at`, `lease_until`, `gives_up_at` and `updated_at`, and an index of
 * lane and `next_attempt_at`. A row whose time is up is left to whoever watches for that.
 * $1 lease in ms, $2 free slots, $3 how many of them a backlog leaves free, $4 and $5 room of a lane that is not named,
 * for all and for a backlog, $6..$9 lanes with their rooms
 */
export function claimDue({ table, key, lane, returning }: DueTable): string {
  return `
    with recursive clock as materialized (select db_now() as now),
    lanes as (
      (select ${lane} from ${table} where next_attempt_at is not null order by ${lane} limit 1)
      union all
      select (select n.${lane} from ${table} n where n.next_attempt_at is not null and n.${lane} > lanes.${lane}
        order by n.${lane} limit 1)
      from lanes where lanes.${lane} is not null),
    lane as (
      select lanes.${lane}, least(coalesce(input.room, $4), $2) as room, coalesce(input.backlog, $5) as backlog,
        case when input.is_probe then interval '0' else interval '5 s' end as fresh_for
      from lanes left join unnest($6::text[], $7::int[], $8::int[], $9::bool[]) input (${lane}, room, backlog, is_probe)
        using (${lane})
      where lanes.${lane} is not null),
    candidate as (
      select due.${key}, due.is_old, due.nth, lane.room,
        row_number() over (partition by lane.${lane} order by due.is_old, due.nth) as nth_of_lane
      from lane, lateral (
        select fresh.${key}, false as is_old, row_number() over () as nth from (
          select ${key} from ${table} n
          where n.${lane} = lane.${lane} and next_attempt_at <= (select now from clock)
            and next_attempt_at > (select now from clock) - lane.fresh_for
            and gives_up_at > (select now from clock) and (lease_until is null or lease_until <= (select now from clock))
          order by next_attempt_at desc limit lane.room) fresh
        union all
        select old.${key}, true, row_number() over () from (
          select ${key} from ${table} n
          where n.${lane} = lane.${lane} and next_attempt_at <= (select now from clock) - lane.fresh_for
            and gives_up_at > (select now from clock) and (lease_until is null or lease_until <= (select now from clock))
          order by next_attempt_at limit least(lane.backlog, lane.room)) old) due),
    picked as (
      select ${key}, is_old from (
        select ${key}, is_old, row_number() over (order by is_old, nth) as place
        from candidate where nth_of_lane <= room) placed
      where place <= $2 - case when is_old then $3 else 0 end),
    taken as (
      select ${key} from ${table}
      where ${key} = any (array(select ${key} from picked)) and status = (select 'PENDING')
        and (lease_until is null or lease_until <= (select now from clock))
      for update skip locked),
    claimed as (
      update ${table} set lease_until = now + $1 * interval '1 ms', updated_at = now from clock
      where ${key} = any (array(select ${key} from taken))
      returning ${key}, ${lane}, ${returning},
        (extract(epoch from now - next_attempt_at) * 1000)::float8 as late_ms)
    select (select count(*)::int from picked) as found, taken_over.*
    from (values (true)) always left join (select * from claimed join picked using (${key})) taken_over on true`;
}

/** The values of the statement, in their order. */
export function claimValues({ leaseMs, slots, reserve, usualRoom, rooms }: ClaimRequest): unknown[] {
  const own = [...rooms.values()];
  return [
    leaseMs,
    slots,
    reserve,
    usualRoom.all,
    usualRoom.backlog,
    [...rooms.keys()],
    own.map(({ all }) => all),
    own.map(({ backlog }) => backlog),
    own.map(({ isProbe = false }) => isProbe),
  ];
}

import type { Statement } from '../../platform/database/database.js';
import type { ChainedRecord } from './record-digests.js';

interface ChainedTable {
  readonly id: string;
  /** The content of the migration's trigger; `h` names the row. */
  readonly columns: string;
}

const TABLES: Readonly<Record<ChainedRecord, ChainedTable>> = {
  payment_history: { id: 'history_id', columns: 'h.event, h.from_status, h.to_status, h.actor, h.detail' },
  operator_action: {
    id: 'action_id',
    columns: 'h.actor, h.act, h.reason, h.outcome, h.why, h.before, h.after',
  },
  payment_note: {
    id: 'sequence',
    columns: `h.note_id, h.actor, h.application, h.person, encode(h.text_hash, 'hex')`,
  },
};

const row = (id: string, columns: string): string => `
    h.${id}::text as id, h.payment_id, h.digest, h.previous_id::text, p.${id} is not null as has_previous,
    p.digest as previous_digest, jsonb_build_array(h.${id}::text, h.previous_id::text, h.payment_id,
      (extract(epoch from h.at) * 1000000)::bigint::text, ${columns})::text as content`;

/**
 * The rows after $1 by their ids and up to $2, of the times from $3 to before $4; at most $5, of payment $6 if it is
 * given.
 */
export const ROWS = everyRecord((record, { id, columns }) => ({
  name: `record_rows_${record}`,
  text: `
    select ${row(id, columns)}
    from ${record} h left join ${record} p on p.${id} = h.previous_id and p.payment_id = h.payment_id
    where h.${id} > $1 and h.${id} <= $2 and h.at >= $3 and h.at < $4 and ($6::uuid is null or h.payment_id = $6)
    order by h.${id} limit $5`,
}));

/** Between which ids the rows of the times from $1 to before $2 lie. Looked for by time: by id that is the whole table. */
export const BOUNDS = everyRecord((record, { id }) => ({
  name: `record_bounds_${record}`,
  text: `
    select (min(id) - 1)::text as before_id, max(id)::text as last_id from (
      select ${id} as id from ${record} where at >= $1 and at < $2 offset 0) of_the_day`,
}));

/**
 * Orders whose status no row of their history leads to: the last rows were taken away. By payment_id after $1, made in
 * the times from $2 to before $3; at most $4, payment $5 if it is given.
 */
export const ORDERS_WITHOUT: Statement = {
  name: 'record_orders_without',
  text: `
    select o.payment_id, o.status, exists (
      select 1 from payment_history h where h.payment_id = o.payment_id and h.to_status = o.status) as is_told
    from payment_order o
    where o.payment_id > $1 and o.created_at >= $2 and o.created_at < $3 and ($5::uuid is null or o.payment_id = $5)
    order by o.payment_id limit $4`,
};

export const ANCHORS: Statement = {
  name: 'record_anchors',
  text: `
    select record, day::text, rows::int, digest, chain from record_anchor
    where record = $1 and day >= $2::date and day <= $3::date order by day`,
};

export const LAST_ANCHOR: Statement = {
  name: 'record_last_anchor',
  text: `
    select day::text, chain, (day + 1)::text as next_day, (db_now() at time zone 'UTC' - interval '1 hour')::date
      > day + 1 as is_over
    from record_anchor where record = $1 order by day desc limit 1`,
};

/** The first one, made when digests began: every row after the day that follows it has one. */
export const FIRST_ANCHOR: Statement = {
  name: 'record_first_anchor',
  text: `select (day + 1)::text as began_on from record_anchor where record = $1 order by day limit 1`,
};

/** Only after the anchor that was the last when it was computed: $6 its day. */
export const KEEP_ANCHOR: Statement = {
  name: 'record_keep_anchor',
  text: `
    insert into record_anchor (record, day, rows, digest, chain, made_at)
    select $1, $2::date, $3, $4, $5, db_now()
    where (select max(day) from record_anchor where record = $1) = $6::date
    on conflict do nothing returning day::text`,
};

function everyRecord(
  statement: (record: ChainedRecord, table: ChainedTable) => Statement,
): Readonly<Record<ChainedRecord, Statement>> {
  const { payment_history: history, operator_action: action, payment_note: note } = TABLES;
  return {
    payment_history: statement('payment_history', history),
    operator_action: statement('operator_action', action),
    payment_note: statement('payment_note', note),
  };
}

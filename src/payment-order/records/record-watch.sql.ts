import type { Statement } from '../../platform/database/database.js';
import { LOST_ATTEMPTS } from '../order/statement-parts.js';

/**
 * Checks whether the records are where they were, and were seen lately; if not, every unfinished order may have a debit
 * that they do not know. Writes only what is new, and not while another process writes it. $1 a silence that means a
 * gap, $2 how fresh `seen_at` is kept, $3 for how long orders that become known may be lost ones; all in ms
 */
export const LOOK: Statement = {
  name: 'record_watch_look',
  text: `
    with clock as materialized (select db_now() as now),
    here as materialized (select record_place() as place),
    look as materialized (
      select w.seen_at, case when w.place <> here.place then 'MOVED'
        when w.seen_at < now - $1 * interval '1 ms' then 'SILENCE' end as gap
      from record_watch w, here, clock
      where w.place is distinct from here.place or w.seen_at is null or w.seen_at <= now - $2 * interval '1 ms'
      for no key update of w skip locked),
    seen as (
      update record_watch set place = here.place, seen_at = now,
        ask_until = case when gap is null then ask_until else now + $3 * interval '1 ms' end
      from look, here, clock),
    marked as (
      update payment_order set ask_ledger = true
      where (select gap is not null from look) and payment_id in (
        select payment_id from unpaid_order where status in ('AWAITING_CONFIRMATION', 'HELD')
        union all
        select payment_id from debit where next_attempt_at is not null and status in ('INTENDED', 'IN_DOUBT'))
      returning 1)
    select gap, seen_at, (select count(*)::int from marked) as orders from look where gap is not null`,
};

/** The keys that the debits of an order had, if it was lost with the records; none when nothing is in question. */
export const LOST_KEYS: Statement = {
  name: 'record_watch_lost_keys',
  text: `
    select debit_key($1, attempt) as key from ${LOST_ATTEMPTS}, record_watch
    where watch_id = 1 and ask_until > db_now() order by attempt`,
};

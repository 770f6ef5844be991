/**
 * A status in the condition of a statement that knows its row by key. Against a constant the planner may prefer an index
 * of all that are unfinished, which is nearly empty when it plans, and read it whole when a hundred thousand wait.
 */
export function hidden(status: string): string {
  return `(select '${status}')`;
}

/** Likewise: whether the row of a key is due, said so that no index of what is due answers for it. */
export function dueBy(time: string): string {
  return `coalesce(next_attempt_at, 'infinity') <= ${time}`;
}

/**
 * How an unpaid order ends, with its history and its notification. Not before the ledger was asked about one that may
 * have been paid in records that are lost; a held one nobody could pay. $1 payment_id, $2 event, $3 the new status,
 * $4 the statuses it may come from, $5 result_code, $6 result_message, $7 actor, $8 url, $9 body, $10 its hash
 */
export function closing(condition: string, detail: string): string {
  return `
    clock as materialized (select db_now() as now),
    before as (
      select payment_id, status from payment_order, clock
      where payment_id = $1 and status = any($4::text[]) and (not ask_ledger or status = ${hidden('HELD')})
        and ${condition} for update),
    o as (
      update payment_order set status = $3, result_status = 'F', result_code = $5, result_message = $6,
        finished_at = now, updated_at = now
      from before, clock where payment_order.payment_id = before.payment_id
      returning payment_order.*, before.status as from_status),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, $2, from_status, status, $7, ${detail} from o),
    n as (
      insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, ordered_at,
        created_at, updated_at)
      select payment_id, $8, $9, $10, 'PENDING', updated_at, notification_end(updated_at), created_at, updated_at,
        updated_at
      from o returning status)`;
}

/** Numbers of attempts that an order may have had in records that are lost, more than anybody makes. */
export const LOST_ATTEMPTS = 'generate_series(1, 20) attempt';

/** Where a payment stands on its axes, as JSON; `o` names the order's row. */
export function axes(status: string, notification: string): string {
  return `jsonb_strip_nulls(jsonb_build_object('status', ${status}, 'debit', (select debit.status from debit
    where debit.payment_id = o.payment_id order by sequence desc limit 1), 'notification', ${notification}))`;
}

/**
 * Simultaneous writes of many payers share statements and commits: larger groups gain little, and more groups at a time
 * would each be smaller.
 */
export const ONE_COMMIT = { most: 16, atOnce: 2, patienceMs: 5_000 };

/** What was given back of the order in row `o`. Amounts travel as text, because a number of JSON is not exact. */
export const REFUNDS = `(select jsonb_agg(jsonb_build_object('refund_id', r.refund_id, 'status', r.status,
        'back_currency', r.back_currency, 'back_value', r.back_value::text, 'refund_currency', r.refund_currency,
        'refund_value', r.refund_value::text, 'refund_time', r.refund_time, 'created_at', r.created_at)
        order by r.created_at, r.refund_id)
      from refund r where r.payment_id = o.payment_id and r.status <> 'REFUSED')`;

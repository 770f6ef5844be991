import { recordset } from '../../platform/database/columns.js';
import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from '../order/payment-order.row.js';
import { dueBy, hidden, LOST_ATTEMPTS } from '../order/statement-parts.js';
import { DEBIT_COLUMNS, SETTLED_COLUMNS } from './debit.row.js';

/**
 * The order moves and the intent is written in one statement. The order itself counts its debits: a statement that waited
 * for its turn would count those it saw before it waited. The debit's key comes from the order and its number alone: the
 * same debit has it again when its row was lost. $1 payment_id, $2 lease in ms
 */
const intent = (
  where: string,
  {
    event,
    actor,
    confirmed,
    notAfter,
    proofs,
    detail,
  }: Readonly<Record<'event' | 'actor' | 'confirmed' | 'notAfter' | 'proofs' | 'detail', string>>,
) => `
    with clock as materialized (select db_now() as now),
    o as (
      update payment_order set status = 'DEBITING', debit_count = debit_count + 1, updated_at = now from clock
      where payment_id = $1 and status = ${hidden('AWAITING_CONFIRMATION')} and ${where}
      returning payment_order.*),
    d as (
      insert into debit (debit_id, payment_id, sequence, customer_id, currency, value, quote_id, not_after, status,
        confirmed, next_attempt_at, lease_until, created_at, updated_at, proofs)
      select debit_key(payment_request_id, debit_count), payment_id, debit_count, customer_id, pay_currency, pay_value,
        quote_id, ${notAfter}, 'INTENDED', ${confirmed}, updated_at,
        updated_at + $2 * interval '1 ms', updated_at, updated_at, ${proofs}
      from o returning *),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, '${event}', 'AWAITING_CONFIRMATION', status, ${actor}, ${detail} from o)
    select ${ORDER_COLUMNS}, ${DEBIT_COLUMNS}, o.traceparent, clock.now from o join d using (payment_id), clock`;

/**
 * The payer's confirm: only while the order is open, unexpired by the database's clock, its quote alive, uncancelled and the
 * amount the one the payer saw. $3 actor, $4 currency, $5 value, $6 quote_id the payer saw or null, $7 the customer it
 * has to be, or null, $8 proofs that came with the yes, of which those the order asks for are kept until the debit is
 * settled, $9 what is left of them for ever
 */
export const CONFIRM_ORDER: Statement = {
  name: 'order_confirm',
  text: intent(
    `expires_at > now and (quote_expires_at is null or quote_expires_at > now) and cancel_requested_at is null
        and pay_currency = $4 and pay_value = $5::numeric and ($6::text is null or quote_id = $6)
        and ($7::text is null or customer_id = $7)
        and coalesce(content #> '{requirements,proofs}', '[]') <@ to_jsonb(array(select jsonb_object_keys($8::jsonb)))`,
    {
      event: 'CONFIRMED',
      actor: '$3',
      confirmed: 'true',
      notAfter: 'least(expires_at, quote_expires_at)',
      proofs: `nullif(proofs_asked(content, $8::jsonb), '{}')`,
      detail: `case when $9::jsonb <> '{}' then jsonb_build_object('proofs', proofs_asked(content, $9::jsonb)) end`,
    },
  ),
};

/** Without a confirm: an order that may have been paid in records that are lost waits for what the ledger knows. */
export const ASK_LEDGER: Statement = {
  name: 'order_ask_ledger',
  text: intent('ask_ledger', {
    event: 'LEDGER_ASKED',
    actor: `'sweep'`,
    confirmed: 'false',
    notAfter: 'expires_at',
    proofs: 'null::jsonb',
    detail: 'null::jsonb',
  }),
};

/** Claims a debit that is unsettled and due. */
export const CLAIM_DEBIT: Statement = {
  name: 'debit_claim',
  text: `
    with clock as materialized (select db_now() as now),
    d as (
      update debit set lease_until = now + $2 * interval '1 ms', updated_at = now from clock
      where debit_id = $1 and status in ('INTENDED', 'IN_DOUBT') and ${dueBy(`now + $3 * interval '1 ms'`)}
        and (lease_until is null or lease_until <= now)
      returning debit.*)
    select ${ORDER_COLUMNS}, ${DEBIT_COLUMNS}, clock.now from d join payment_order o using (payment_id), clock`,
};

/** Claims an order's unsettled debit before it is due, because someone is reading the order. */
export const CLAIM_DOUBT: Statement = {
  name: 'debit_claim_doubt',
  text: `
    with clock as materialized (select db_now() as now),
    d as (
      update debit set lease_until = now + $2 * interval '1 ms', updated_at = now from clock
      where payment_id = $1 and status in ('INTENDED', 'IN_DOUBT') and updated_at <= now - $3 * interval '1 ms'
        and (lease_until is null or lease_until <= now)
      returning debit.*)
    select ${ORDER_COLUMNS}, ${DEBIT_COLUMNS}, clock.now from d join payment_order o using (payment_id), clock`,
};

/**
 * Definite answers of the ledger: for each the debit, its order, the history and the notification move together.
 * Returns only when that was; the caller knows the order and its next status. No row for a debit that another process
 * has settled, or whose order was cancelled meanwhile. Orders are locked in the order of their debits, so that two
 * groups never wait for each other in a circle; of one payment the order before its debit, as a cancel locks them. $1 a
 * list of answers in JSON, each debit once
 */
export const SETTLE_DEBITS: Statement = {
  name: 'debit_settle',
  text: `
    with clock as materialized (select db_now() as now),
    input as materialized (
      ${recordset(SETTLED_COLUMNS)}
      order by debit_id),
    before as materialized (
      select input.*, uncancelled.payment_id from input, lateral (
        select o.payment_id from payment_order o join debit d using (payment_id)
        where d.debit_id = input.debit_id and d.status in ('INTENDED', 'IN_DOUBT')
          and o.status = ${hidden('DEBITING')} and o.cancel_requested_at is null for update) uncancelled),
    d as (
      update debit set status = before.debit_status, refusal_code = before.refusal_code,
        ledger_reference = before.ledger_reference, tries = tries + 1, next_attempt_at = null, lease_until = null,
        unknown_reason = null, updated_at = now
      from before, clock where debit.debit_id = before.debit_id and debit.payment_id = before.payment_id
      returning debit.debit_id),
    o as (
      update payment_order set status = before.order_status, result_status = before.result_status,
        result_code = before.result_code, result_message = before.result_message, payment_time = before.payment_time,
        ask_ledger = false, finished_at = now, updated_at = now
      from before join d using (debit_id), clock where payment_order.payment_id = before.payment_id
      returning payment_order.payment_id, status, created_at, updated_at),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, before.event, 'DEBITING', status, 'wallet-ledger',
        jsonb_strip_nulls(jsonb_build_object('debitId', before.debit_id, 'refusalCode', before.refusal_code))
      from o join before using (payment_id)),
    n as (
      insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, ordered_at,
        created_at, updated_at, traceparent)
      select payment_id, before.url, before.body, before.body_sha256, 'PENDING',
        updated_at, notification_end(updated_at), created_at, updated_at, updated_at, before.traceparent
      from o join before using (payment_id) returning payment_id)
    select before.debit_id, o.updated_at from o join before using (payment_id) join n using (payment_id)`,
};

/**
 * A refusal that leaves the order open, so that the payer may top up and confirm again. An order that was cancelled
 * meanwhile is settled by `SETTLE_CANCELLED`, unless the ledger may know of a later debit: then it is asked for that one
 * next. $1 debit_id, $2 refusal code, $3 whether the ledger may still know of another debit, if it might have known of
 * this one
 */
export const REOPEN_ORDER: Statement = {
  name: 'debit_reopen',
  text: `
    with clock as materialized (select db_now() as now),
    before as (
      select o.payment_id from payment_order o join debit d using (payment_id)
      where d.debit_id = $1 and d.status in ('INTENDED', 'IN_DOUBT') and o.status = ${hidden('DEBITING')}
        and (o.cancel_requested_at is null or o.ask_ledger and $3) for update),
    d as (
      update debit set status = 'REFUSED', refusal_code = $2, tries = tries + 1, next_attempt_at = null,
        lease_until = null, unknown_reason = null, updated_at = now
      from before, clock where debit_id = $1 returning debit.*),
    o as (
      update payment_order set status = 'AWAITING_CONFIRMATION', ask_ledger = ask_ledger and $3, updated_at = now
      from d, clock where payment_order.payment_id = d.payment_id
      returning payment_order.*),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'REOPENED', 'DEBITING', status, 'wallet-ledger',
        jsonb_build_object('debitId', $1::uuid, 'refusalCode', $2::text) from o)
    select ${ORDER_COLUMNS}, null as notification_status, clock.now from o, clock`,
};

/** The keys that attempts after this debit had, if there were any. $1 debit_id */
export const LATER_KEYS: Statement = {
  name: 'debit_later_keys',
  text: `
    select debit_key(o.payment_request_id, d.sequence + attempt) as key
    from debit d join payment_order o using (payment_id), ${LOST_ATTEMPTS}
    where d.debit_id = $1 order by attempt`,
};

/** No definite answer: the debit stays as it is until the ledger answers; the next query is due later. */
export const DOUBT_DEBIT: Statement = {
  name: 'debit_doubt',
  text: `
    with clock as materialized (select db_now() as now),
    was as (select debit_id, status from debit where debit_id = $1 and status in ('INTENDED', 'IN_DOUBT') for update),
    d as (
      update debit set status = 'IN_DOUBT', unknown_reason = $2, tries = tries + 1, lease_until = null,
        next_attempt_at = now + $3 * interval '1 ms', updated_at = now
      from was, clock where debit.debit_id = was.debit_id returning debit.*, was.status as was_status),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'DEBIT_IN_DOUBT', 'DEBITING', 'DEBITING', 'wallet-ledger',
        jsonb_build_object('debitId', $1::uuid, 'reason', $2::text) from d where was_status = 'INTENDED')
    select debit_id as id, tries as turn from d`,
};

/**
 * The ledger answered about a debit whose order was cancelled meanwhile. $1 debit_id, $2 the debit's new status,
 * $3 refusal code, $4 ledger reference, $5 result_code, $6 result_message, $7 url, $8 body, $9 its hash
 */
export const SETTLE_CANCELLED: Statement = {
  name: 'cancel_settle',
  text: `
    with clock as materialized (select db_now() as now),
    before as (
      select o.payment_id from payment_order o join debit d using (payment_id)
      where d.debit_id = $1 and d.status in ('INTENDED', 'IN_DOUBT') and o.status = ${hidden('DEBITING')}
        and o.cancel_requested_at is not null for update),
    d as (
      update debit set status = $2, refusal_code = $3, ledger_reference = $4, tries = 0, unknown_reason = null,
        next_attempt_at = case when $2 = 'REVERSING' then now end, lease_until = null, updated_at = now
      from before, clock where debit_id = $1 returning debit.*),
    o as (
      update payment_order set status = 'CANCELLED', result_status = 'F', result_code = $5, result_message = $6,
        ask_ledger = false, finished_at = now, updated_at = now
      from d, clock where payment_order.payment_id = d.payment_id returning payment_order.*),
    history as (
      insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
      select payment_id, updated_at, 'CANCELLED', 'DEBITING', status, 'alipay-plus',
        jsonb_strip_nulls(jsonb_build_object('debitId', $1::uuid, 'debit', $2::text)) from o),
    n as (
      insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, ordered_at,
        created_at, updated_at)
      select payment_id, $7, $8, $9, 'PENDING', updated_at, notification_end(updated_at), created_at, updated_at,
        updated_at
      from o returning status)
    select ${ORDER_COLUMNS}, n.status as notification_status, clock.now from o, n, clock`,
};

import type { Statement } from '../../platform/database/database.js';
import { CLEAR_CONTENT } from '../order/sealed-content.js';
import { isOpen, isToBeTold } from './retention.sql.js';

/** Payments of a customer, and whether nothing is left to be done for each. $1 customer_id, $2 the last payment_id or null, $3 how many */
export const PAYMENTS_TO_ERASE: Statement = {
  name: 'erasure_payments',
  text: `
    select o.payment_id, not ${isOpen('o.payment_id')} and not ${isToBeTold('o.payment_id')} as is_at_rest
    from payment_order o where o.customer_id = $1 and ($2::uuid is null or o.payment_id > $2::uuid)
    order by o.payment_id limit $3`,
};

export const COUNT_SCANS: Statement = {
  name: 'erasure_scans',
  text: `
    select count(*)::int as count from scan
    where customer_id = $1 and payment_id is null and status <> 'PENDING'`,
};

export const KEEP_ERASURE: Statement = {
  name: 'erasure_keep',
  text: `insert into customer_erasure (customer_id, at, actor, reason) values ($1, db_now(), $2, $3)`,
};

/**
 * What says more than that money moved goes: amounts, states, times and ids stay, and so do the hashes of what was said.
 * Only values that are there are written. $1 payment_ids
 */
export const ERASE_PAYMENTS: Statement = {
  name: 'erasure_erase_payments',
  text: `
    with o as (
      update payment_order set sealed_content = '', content = ${CLEAR_CONTENT}
      where payment_id = any($1::uuid[]) and sealed_content is distinct from ''),
    told as (
      update notification set body = ''
      where payment_id = any($1::uuid[]) and status = 'DELIVERED' and octet_length(body) > 0),
    attempts as (
      update notification_attempt set answer = ''
      where payment_id = any($1::uuid[]) and octet_length(answer) > 0),
    events as (
      update wallet_event set body = null
      where event_id in (select event_id from wallet_event where payment_id = any($1::uuid[])) and body is not null),
    notes as (
      update payment_note set body = ''
      where payment_id = any($1::uuid[]) and octet_length(body) > 0),
    calls as (
      update inbound_exchange set request = '', answer = ''
      where payment_request_id = any(array(
          select payment_request_id from payment_order where payment_id = any($1::uuid[])))
        and octet_length(request) + octet_length(answer) > 0)
    update decode_exchange e set answer = '' from scan s
    where s.payment_id = any($1::uuid[]) and e.scan_id = s.scan_id and octet_length(e.answer) > 0`,
};

/** Scans that came to nothing. $1 customer_id */
export const ERASE_SCANS: Statement = {
  name: 'erasure_erase_scans',
  text: `
    with s as (
      update scan set request_body = null
      where customer_id = $1 and status <> 'PENDING' and request_body is not null)
    update decode_exchange e set answer = '' from scan s
    where s.customer_id = $1 and s.payment_id is null and s.status <> 'PENDING' and e.scan_id = s.scan_id
      and octet_length(e.answer) > 0`,
};

import type { Statement } from '../../platform/database/database.js';
import { ORDER_COLUMNS } from '../order/payment-order.row.js';
import { hidden } from '../order/statement-parts.js';

/** The order that was there first, locked so that it is not flagged twice. */
export const LOCK_ORDER: Statement = {
  name: 'merge_lock_order',
  text: `
    select ${ORDER_COLUMNS}, o.content_sha256, n.status as notification_status, db_now() as now
    from payment_order o left join notification n using (payment_id)
    where o.payment_request_id = $1 for update of o`,
};

export const LOCK_SCAN: Statement = {
  name: 'merge_lock_scan',
  text: `select customer_id, status from scan where scan_id = $1 for update`,
};

export const LINK_SCAN: Statement = {
  name: 'merge_link_scan',
  text: `
    update scan set status = 'DECODED', payment_id = $2, tries = tries + 1, next_attempt_at = null, lease_until = null,
      request_body = null, updated_at = db_now()
    where scan_id = $1`,
};

export const REFUSE_SCAN: Statement = {
  name: 'merge_refuse_scan',
  text: `
    update scan set status = 'REJECTED', result_code = 'REPEAT_REQ_INCONSISTENT', tries = tries + 1,
      next_attempt_at = null, lease_until = null, request_body = null, updated_at = db_now()
    where scan_id = $1 and status = ${hidden('PENDING')}`,
};

/** The first content stays; that another one was seen is kept, once per content. */
export const FLAG_CONFLICT: Statement = {
  name: 'merge_flag_conflict',
  text: `
    with flagged as (
      update payment_order set content_conflict = true, updated_at = db_now()
      where payment_id = $1 and not exists (
        select 1 from payment_history where payment_id = $1 and event = 'DECODED_DIFFERENTLY'
          and detail ->> 'contentSha256' = $2::text)
      returning payment_id, status, updated_at)
    insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
    select payment_id, updated_at, 'DECODED_DIFFERENTLY', status, status, 'alipay-plus',
      jsonb_build_object('contentSha256', $2::text)
    from flagged`,
};

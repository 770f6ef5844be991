import type { Statement } from '../../platform/database/database.js';

/** A payment that moved after its proposal is not the one that was judged. */
const IS_STALE = `exists (select from payment_history h
  where h.payment_id = a.payment_id and h.history_id > a.history_id)`;

/** An act that takes longer than this was cut off after its approval. */
const INTERRUPTED_AFTER = `interval '2 minutes'`;

const STANDING = `
  case when a.status = 'PROPOSED' and a.expires_at <= db_now() then 'EXPIRED'
    when a.status = 'PROPOSED' and ${IS_STALE} then 'STALE'
    when a.status = 'APPROVED' and a.decided_at <= db_now() - ${INTERRUPTED_AFTER} then 'INTERRUPTED'
    else a.status end`;

/**
 * Only for the payment as it was judged; nothing is written for one that has changed since. $1 approval_id, $2 action,
 * $3 payment_id or null, $4 when it was last changed, $5 targets, $6 effect, $7 who, $8 token, $9 person, $10 why, $11
 * for how long in ms
 */
export const PROPOSE_APPROVAL: Statement = {
  name: 'approval_propose',
  text: `
    with clock as materialized (select db_now() as now),
    judged as (
      select now, null::uuid as payment_id, null::bigint as history_id from clock where $3::uuid is null
      union all
      select now, o.payment_id, (select max(history_id) from payment_history h where h.payment_id = o.payment_id)
      from payment_order o, clock
      where o.payment_id = $3::uuid and date_trunc('milliseconds', o.updated_at) = $4::timestamptz)
    insert into approval (approval_id, action, payment_id, targets, effect, history_id, status, proposed_at, proposed_by,
      proposer_name, proposer_person, reason, expires_at)
    select $1, $2, payment_id, $5::text[], $6, history_id, 'PROPOSED', now, $7, $8, $9::text, $10,
      now + $11 * interval '1 ms' from judged
    returning approval_id`,
};

/** $1 approval_id, $2 APPROVED or REJECTED, $3 who, $4 token, $5 person, $6 why */
export const DECIDE_APPROVAL: Statement = {
  name: 'approval_decide',
  text: `
    update approval a set status = $2::text, decided_at = clock.now, decided_by = $3, decider_name = $4,
      decider_person = $5, decision_reason = $6
    from (select db_now() as now) clock
    where approval_id = $1 and status = 'PROPOSED' and expires_at > clock.now and ($2::text = 'REJECTED' or not ${IS_STALE})
    returning approval_id`,
};

/** $1 approval_id, $2 DONE or NOT_DONE, $3 why nothing was changed */
export const END_APPROVAL: Statement = {
  name: 'approval_end',
  text: `update approval set status = $2, ended_at = db_now(), why = $3 where approval_id = $1 and status = 'APPROVED'`,
};

export const ONE_APPROVAL: Statement = {
  name: 'approval_read',
  text: `select a.*, ${STANDING} as status_now from approval a where a.approval_id = $1`,
};

/** Newest first. $1 payment_id or null, $2 only open ones, $3 how many */
export const APPROVALS: Statement = {
  name: 'approval_list',
  text: `
    select a.*, ${STANDING} as status_now from approval a
    where ($1::uuid is null or a.payment_id = $1)
      and (not $2 or (a.status = 'PROPOSED' and a.expires_at > db_now() and not ${IS_STALE}))
    order by a.proposed_at desc, a.approval_id desc limit $3`,
};

/** The same of one payment, by its own index. */
export const APPROVALS_OF_PAYMENT: Statement = {
  name: 'approval_list_of_payment',
  text: APPROVALS.text.replace('($1::uuid is null or a.payment_id = $1)', 'a.payment_id = $1::uuid'),
};

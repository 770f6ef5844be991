import type { Statement } from '../../platform/database/database.js';
import { dueBy } from '../order/statement-parts.js';

/** Claims a reversal that is due. */
export const CLAIM_REVERSAL: Statement = {
  name: 'reversal_claim',
  text: `
    with clock as materialized (select db_now() as now)
    update debit set lease_until = now + $2 * interval '1 ms', updated_at = now from clock
    where debit_id = $1 and status = 'REVERSING' and ${dueBy(`now + $3 * interval '1 ms'`)}
      and (lease_until is null or lease_until <= now)
    returning debit_id as id, payment_id, tries as turn`,
};

export const REVERSED: Statement = {
  name: 'reversal_done',
  text: `
    with clock as materialized (select db_now() as now),
    d as (
      update debit set status = 'REVERSED', tries = tries + 1, next_attempt_at = null, lease_until = null,
        unknown_reason = null, updated_at = now
      from clock where debit_id = $1 and status = 'REVERSING' returning debit.*)
    insert into payment_history (payment_id, at, event, from_status, to_status, actor, detail)
    select d.payment_id, d.updated_at, 'REVERSED', o.status, o.status, 'wallet-ledger',
      jsonb_build_object('debitId', d.debit_id, 'ledgerReference', $2::text)
    from d join payment_order o using (payment_id) returning payment_id as id`,
};

export const POSTPONE_REVERSAL: Statement = {
  name: 'reversal_postpone',
  text: `
    with clock as materialized (select db_now() as now)
    update debit set tries = tries + 1, unknown_reason = $2, lease_until = null,
      next_attempt_at = now + $3 * interval '1 ms', updated_at = now
    from clock where debit_id = $1 and status = 'REVERSING' returning debit_id as id, tries as turn`,
};

import type { Statement } from '../../platform/database/database.js';
import type { DebitAlarm } from './debit.js';

/**
 * Writes an alarm for each debit that needs one and has none, and returns only those: of many concurrent queries one
 * gets it. $1 the most debits
 */
const raise = (alarm: DebitAlarm, since: string, from: string): Statement => ({
  name: `raise_${alarm.toLowerCase()}`,
  text: `
    with clock as materialized (select db_now() as now),
    due as (
      select d.debit_id, d.payment_id, reversal_end(d.created_at) as due_at
      from ${from}
      where ${since}
        and not exists (select 1 from debit_alarm a where a.debit_id = d.debit_id and a.alarm = '${alarm}') limit $1),
    raised as (
      insert into debit_alarm (debit_id, alarm, raised_at) select debit_id, '${alarm}', now from due, clock
      on conflict do nothing returning debit_id)
    select debit_id, payment_id, due_at from raised join due using (debit_id) order by due_at`,
});

export const RAISE: Readonly<Record<DebitAlarm, Statement>> = {
  /** Alipay+ has closed its day, and the ledger has not said that the money is back. */
  REVERSAL_OVERDUE: raise(
    'REVERSAL_OVERDUE',
    `d.status = 'REVERSING' and d.next_attempt_at is not null and reversal_end(d.created_at) <= now`,
    'debit d, clock',
  ),
  /**
   * Alipay+ refused to hear that the order is paid, so it has to cancel it, and has not. Debits older than a week are
   * not looked for: either they have alarmed, or no worker has run for days and everything else alarms.
   */
  CANCEL_MISSING: raise(
    'CANCEL_MISSING',
    `n.status = 'REJECTED' and n.created_at > now - interval '7 days' and o.status = 'PAID'
        and o.cancel_requested_at is null and d.status = 'DEBITED' and reversal_end(d.created_at) <= now`,
    'notification n join payment_order o using (payment_id) join debit d using (payment_id), clock',
  ),
};

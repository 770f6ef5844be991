import type { ReadRows } from '../books/read-rows.js';

/** Work that has not ended. */
export interface UnfinishedWork {
  readonly what: string;
  readonly id: string;
  readonly tries: number;
}

/** Includes claimed rows: only their next step shows whether the claiming process still lives. */
const UNFINISHED = `
  select 'scan' as what, scan_id::text as id, tries from scan where status = 'PENDING'
  union all select 'debit ' || status, debit_id::text, tries from debit
    where status in ('INTENDED', 'IN_DOUBT', 'REVERSING')
  union all select 'refund ' || status, refund_id::text, tries from refund where status in ('REQUESTED', 'IN_DOUBT')
  union all select 'notification', payment_id::text, tries from notification where status = 'PENDING'
  union all select 'expired order', payment_id::text, 0 from payment_order
    where status in ('AWAITING_CONFIRMATION', 'HELD') and expires_at <= db_now()
  union all select 'cancelled order', payment_id::text, 0 from payment_order
    where status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID') and cancel_requested_at is not null`;

export function unfinishedWork(read: ReadRows): Promise<UnfinishedWork[]> {
  return read<UnfinishedWork>(UNFINISHED);
}

/** Orders that only wait for their expiry count as well. */
const OPEN_ORDERS = `
  select 'order ' || status as what, payment_id::text as id, 0 as tries from payment_order
  where status in ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING')`;

/** The work that must end before the books may be compared. */
export function restlessWork(read: ReadRows): Promise<UnfinishedWork[]> {
  return read<UnfinishedWork>(`${UNFINISHED} union all ${OPEN_ORDERS}`);
}

/** Of the work unfinished then, the part that has neither been tried again nor ended since. */
export function standingStill(
  then: readonly UnfinishedWork[],
  now: readonly UnfinishedWork[],
): UnfinishedWork[] {
  const triesNow = new Map(now.map(({ what, id, tries }) => [`${what} ${id}`, tries]));
  return then.filter(({ what, id, tries }) => {
    const seen = triesNow.get(`${what} ${id}`);
    return seen !== undefined && seen <= tries;
  });
}

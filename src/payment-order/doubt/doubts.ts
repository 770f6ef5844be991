import type { Query } from '../../platform/database/reading-pool.js';

/**
 * Money, or news of it, that is not where it should be. One payment can be in more than one: what is parked of a paid
 * order is also debited and not acknowledged.
 */
export const DOUBTS = [
  /** The payer has paid, and Alipay+ has not acknowledged it. */
  'DEBITED_NOT_ACKNOWLEDGED',
  /** Alipay+ has cancelled, and the ledger has not said that the money is back. */
  'CANCELLED_NOT_REVERSED',
  /** The ledger may have taken the money: it has not answered, or the process that was to ask it is gone. */
  'DEBIT_IN_DOUBT',
  /** The ledger may have given money back: it has not answered, or the process that was to ask it is gone. */
  'REFUND_IN_DOUBT',
  /** A parked result: nobody acknowledged it in time, and it is not sent any more by itself. */
  'PARKED',
  /** A result that Alipay+ refused for good. */
  'REJECTED',
  /** An order that nobody may pay. */
  'HELD',
] as const;

export type Doubt = (typeof DOUBTS)[number];

/** One kind of doubt in one currency; null for orders without an amount. */
export interface DoubtRow {
  readonly doubt: Doubt;
  readonly currency: string | null;
  readonly count: number;
  readonly value: string | null;
  readonly oldest_at: Date;
  readonly due_at: Date | null;
}

/**
 * What is in doubt at this moment, each from a small index of its own: those hold only what is not settled, however
 * many orders there are.
 */
export function doubtSums(now: Date): Query {
  const text = `
    select 'DEBITED_NOT_ACKNOWLEDGED' as doubt, d.currency, count(*)::int as count, sum(d.value)::text as value,
      min(n.created_at) as oldest_at, null::timestamptz as due_at
    from notification n join payment_order o using (payment_id) join debit d using (payment_id)
    where n.status <> 'DELIVERED' and o.status = 'PAID' and d.status = 'DEBITED' group by d.currency
    union all
    select 'CANCELLED_NOT_REVERSED', currency, count(*)::int, sum(value)::text, min(since), min(due_at) from (
      select d.currency, d.value, coalesce(o.cancel_requested_at, d.created_at) as since,
        reversal_end(d.created_at) as due_at
      from debit d join payment_order o using (payment_id)
      where d.status = 'REVERSING' and d.next_attempt_at is not null
      union all
      select d.currency, d.value, o.cancel_requested_at, reversal_end(d.created_at)
      from unpaid_order o join debit d using (payment_id)
      where o.cancel_requested_at is not null and o.status = 'PAID' and d.status = 'DEBITED') owed
    group by currency
    union all
    select 'DEBIT_IN_DOUBT', currency, count(*)::int, sum(value)::text, min(created_at), null
    from debit
    where next_attempt_at is not null
      and (status = 'IN_DOUBT' or status = 'INTENDED' and (lease_until is null or lease_until <= $1))
    group by currency
    union all
    select 'REFUND_IN_DOUBT', back_currency, count(*)::int, sum(back_value)::text, min(created_at), null
    from refund where next_attempt_at is not null and (lease_until is null or lease_until <= $1)
    group by back_currency
    union all
    select n.status, o.pay_currency, count(*)::int, sum(o.pay_value)::text, min(n.created_at), null
    from notification n join payment_order o using (payment_id)
    where n.status <> 'DELIVERED' and n.status in ('PARKED', 'REJECTED') group by n.status, o.pay_currency
    union all
    select 'HELD', o.pay_currency, count(*)::int, sum(o.pay_value)::text, min(o.created_at), null
    from unpaid_order u join payment_order o using (payment_id) where u.status = 'HELD' group by o.pay_currency`;
  return { text, values: [now] };
}

export interface PendingScansRow {
  readonly now: Date;
  readonly pending: number;
  readonly overdue: number;
  readonly oldest_seconds: number;
}

/** By the small indexes of scans that have not ended. */
export const PENDING_SCANS: Query = {
  text: `
    with clock as materialized (select db_now() as now)
    select (select now from clock) as now, count(*)::int as pending,
      count(*) filter (where gives_up_at < (select now from clock))::int as overdue,
      coalesce(extract(epoch from (select now from clock) - min(created_at)), 0)::float8 as oldest_seconds
    from scan where status = 'PENDING'`,
  values: [],
};

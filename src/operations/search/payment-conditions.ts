import type { FoundIds } from './identifiers.js';
import type { NotificationStatus, PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { QueryValues } from './keyset.js';
import type { PaymentFilters } from './query/payments.query.js';
import type { TimeRange } from './query/time-range.js';

/** As much of a merchant's name as its index holds: an index entry has a limit, a name of a partner has none. */
const NAME_LENGTH = 64;
/** The expression of the index on names, letter for letter; `o` is the order. */
export const NAME = `left(lower(o.merchant_name), ${NAME_LENGTH})`;
/** Amounts beyond 30 digits share one place at the end, for the same reason. */
export const AMOUNT = `least(o.pay_value, '1000000000000000000000000000000'::numeric)`;

interface ConditionsOfOrder {
  /** The column that holds when the order was made. */
  readonly time?: string;
  /** How the status is asked for. */
  readonly status?: (status: PaymentStatus, values: QueryValues) => string;
}

/** All that is asked of an order except for its merchant and its notification, as conditions on `o`. */
export function orderConditions(
  filters: PaymentFilters,
  values: QueryValues,
  { time = 'o.created_at', status = statusCondition }: ConditionsOfOrder = {},
): string[] {
  const { currency, amountMin, amountMax } = filters;
  const conditions = inTime(time, filters, values);
  const equal = (column: string, value: string | undefined, type = 'text'): void => {
    if (value !== undefined) conditions.push(`${column} = ${values.add(value, type)}`);
  };
  equal('o.payment_id', filters.paymentId, 'uuid');
  equal('o.payment_request_id', filters.paymentRequestId);
  equal('o.reference_order_id', filters.referenceOrderId);
  equal('o.customer_id', filters.customerId);
  equal('o.acquirer_id', filters.acquirerId);
  if (filters.status !== undefined) conditions.push(status(filters.status, values));
  equal('o.pay_currency', currency, 'bpchar');
  if (amountMin !== undefined) conditions.push(`${AMOUNT} >= ${values.add(amountMin, 'numeric')}`);
  if (amountMax !== undefined) conditions.push(`${AMOUNT} <= ${values.add(amountMax, 'numeric')}`);
  return conditions;
}

/** A status that few orders have, listed by itself: neither paid nor being debited. */
export function isListed(
  status: PaymentStatus | undefined,
): status is Exclude<PaymentStatus, 'PAID' | 'DEBITING'> {
  return status !== undefined && status !== 'PAID' && status !== 'DEBITING';
}

/**
 * No index of the orders knows a status (`unpaid_order` says why). Nearly all are paid: those are found along anything else. What
 * is being debited has a debit that is due.
 */
function statusCondition(status: PaymentStatus, values: QueryValues): string {
  const place = values.add(status, 'text');
  if (status === 'DEBITING') return `o.status = ${place} and o.payment_id in (${DEBITING})`;
  if (isListed(status))
    return `o.payment_id in (select u.payment_id from unpaid_order u where u.status = ${place})`;
  return `o.status = ${place}`;
}

/** The same of an order that was found already; also as the planner has statistics for it. */
export function plainStatus(status: PaymentStatus, values: QueryValues): string {
  return `o.status = ${values.add(status, 'text')}`;
}

const DEBITING = 'select d.payment_id from debit d where d.next_attempt_at is not null';

export function inTime(column: string, { from, to }: TimeRange, values: QueryValues): string[] {
  return [
    ...(from === undefined ? [] : [`${column} >= ${values.add(from, 'timestamptz')}`]),
    ...(to === undefined ? [] : [`${column} < ${values.add(to, 'timestamptz')}`]),
  ];
}

/** Neither acknowledged nor still to be made: few orders have such a notification. */
type Undelivered = Exclude<NotificationStatus, 'DELIVERED'>;

export function isUndelivered(status: PaymentFilters['notificationStatus']): status is Undelivered {
  return status !== undefined && status !== 'NONE' && status !== 'DELIVERED';
}

/**
 * Which notification an order has, where orders are walked. Nearly all are delivered, so that is looked up order by
 * order, and no join reads all notifications; the few others are gathered first. An order that has none is not final,
 * for the database lets no final one be without.
 */
export function notificationCondition(
  status: PaymentFilters['notificationStatus'],
  values: QueryValues,
): string[] {
  if (status === undefined) return [];
  if (status === 'NONE') {
    return [
      `o.status in ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING') and o.payment_id in (
        select u.payment_id from unpaid_order u where u.status in ('AWAITING_CONFIRMATION', 'HELD') union all ${DEBITING})`,
    ];
  }
  if (status === 'DELIVERED') {
    // A comparison would be guessed to hold for one row in 200, and all orders of a merchant be read for the first page.
    return [`(select n.status = 'DELIVERED' from notification n where n.payment_id = o.payment_id)`];
  }
  const place = values.add(status, 'text');
  return [`o.payment_id = any (array(select n.payment_id from notification n where n.status = ${place}))`];
}

/** The same, as the planner has statistics for it; for guessing a number of rows, not for finding any. */
export function notificationGuess(
  status: PaymentFilters['notificationStatus'],
  values: QueryValues,
): string[] {
  if (status === undefined) return [];
  if (status === 'NONE') return [`o.status in ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING')`];
  return [
    `exists (select from notification n where n.payment_id = o.payment_id and n.status = ${values.add(status, 'text')})`,
  ];
}

/** Orders an identifier stands for. */
export function foundCondition(
  { paymentIds, referenceOrderId, customerId }: FoundIds,
  values: QueryValues,
): string {
  const ways = [
    ...(paymentIds.length === 0 ? [] : [`o.payment_id = any (${values.add(paymentIds, 'uuid[]')})`]),
    ...(referenceOrderId === undefined
      ? []
      : [`o.reference_order_id = ${values.add(referenceOrderId, 'text')}`]),
    ...(customerId === undefined ? [] : [`o.customer_id = ${values.add(customerId, 'text')}`]),
  ];
  return ways.length === 0 ? 'false' : `(${ways.join(' or ')})`;
}

/** The id or how the name begins, for an order that is found by something else. */
export function merchantCondition(merchant: string, values: QueryValues): string {
  return `(o.merchant_id = ${values.add(merchant, 'text')} or ${nameCondition(merchant, values)})`;
}

function nameCondition(merchant: string, values: QueryValues): string {
  const inIndex = `${NAME} like lower(${values.add(likePrefix(merchant), 'text')})`;
  const rest = restOfName(merchant, values);
  return rest === undefined ? inIndex : `${inIndex} and ${rest}`;
}

/** What the index cannot tell of a longer name. */
export function restOfName(merchant: string, values: QueryValues): string | undefined {
  if (Array.from(merchant).length <= NAME_LENGTH) return undefined;
  return `starts_with(lower(o.merchant_name), lower(${values.add(merchant, 'text')}))`;
}

export function likePrefix(merchant: string): string {
  const start = Array.from(merchant).slice(0, NAME_LENGTH).join('');
  return `${start.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

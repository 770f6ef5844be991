import type { FoundIds } from './identifiers.js';
import type { NotificationStatus, PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { QueryValues } from './keyset.js';
import type { PaymentFilters } from './query/payments.query.js';
import type { TimeRange } from './query/time-range.js';

/**
 * The part of a merchant's name that the index holds: the size of an index entry is limited, a partner's name is not.
 */
const NAME_LENGTH = 64;
/** The expression of the index on names, letter for letter; `o` is the order. */
export const NAME = `left(lower(o.merchant_name), ${NAME_LENGTH})`;
/** Amounts above 30 digits sort as equal at the end, for the same reason. */
export const AMOUNT = `least(o.pay_value, '1000000000000000000000000000000'::numeric)`;

interface ConditionsOfOrder {
  /** The column with the time at which the order was made. */
  readonly time?: string;
  /** Makes the condition on the status. */
  readonly status?: (status: PaymentStatus, values: QueryValues) => string;
}

/** All conditions on an order `o` except those on its merchant and its notification. */
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

/** Whether few orders have this status, so that `unpaid_order` lists them: it is neither PAID nor DEBITING. */
export function isListed(
  status: PaymentStatus | undefined,
): status is Exclude<PaymentStatus, 'PAID' | 'DEBITING'> {
  return status !== undefined && status !== 'PAID' && status !== 'DEBITING';
}

/**
 * No index of the orders has the status (`unpaid_order` says why). Nearly all orders are PAID, so those are found by
 * any other condition. Orders that are DEBITING have a debit that is due.
 */
function statusCondition(status: PaymentStatus, values: QueryValues): string {
  const place = values.add(status, 'text');
  if (status === 'DEBITING') return `o.status = ${place} and o.payment_id in (${DEBITING})`;
  if (isListed(status))
    return `o.payment_id in (select u.payment_id from unpaid_order u where u.status = ${place})`;
  return `o.status = ${place}`;
}

/** The same condition for an order that another condition finds; also the one for which the planner has statistics. */
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

/** Neither acknowledged nor absent: few orders have such a notification. */
type Undelivered = Exclude<NotificationStatus, 'DELIVERED'>;

export function isUndelivered(status: PaymentFilters['notificationStatus']): status is Undelivered {
  return status !== undefined && status !== 'NONE' && status !== 'DELIVERED';
}

/**
 * The condition on the notification where orders are scanned. Nearly all are delivered, so that status is looked up
 * order by order, and no join reads all notifications; the few others are collected first. An order without a
 * notification is not final: the database requires one for every final order.
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
    // The planner would expect a comparison to hold for one row in 200, and read all orders of a merchant for the first
    // page.
    return [`(select n.status = 'DELIVERED' from notification n where n.payment_id = o.payment_id)`];
  }
  const place = values.add(status, 'text');
  return [`o.payment_id = any (array(select n.payment_id from notification n where n.status = ${place}))`];
}

/**
 * The same condition in a form for which the planner has statistics; for estimating a number of rows, not for finding
 * any.
 */
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

/** The condition for orders that an identifier stands for. */
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

/** Matches the merchant's id or the start of its name, for orders that another condition finds. */
export function merchantCondition(merchant: string, values: QueryValues): string {
  return `(o.merchant_id = ${values.add(merchant, 'text')} or ${nameCondition(merchant, values)})`;
}

function nameCondition(merchant: string, values: QueryValues): string {
  const inIndex = `${NAME} like lower(${values.add(likePrefix(merchant), 'text')})`;
  const rest = restOfName(merchant, values);
  return rest === undefined ? inIndex : `${inIndex} and ${rest}`;
}

/** The part of a longer name that the index does not hold. */
export function restOfName(merchant: string, values: QueryValues): string | undefined {
  if (Array.from(merchant).length <= NAME_LENGTH) return undefined;
  return `starts_with(lower(o.merchant_name), lower(${values.add(merchant, 'text')}))`;
}

export function likePrefix(merchant: string): string {
  const start = Array.from(merchant).slice(0, NAME_LENGTH).join('');
  return `${start.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

import type { FoundIds } from './identifiers.js';
import {
  beyond,
  timeKeysets,
  type Direction,
  type Keyset,
  type PageCursor,
  type QueryValues,
} from './keyset.js';
import {
  AMOUNT,
  foundCondition,
  isListed,
  isUndelivered,
  notificationCondition,
  orderConditions,
  plainStatus,
} from './payment-conditions.js';
import type { PaymentFilters, PaymentSort } from './query/payments.query.js';

/** The search, with everything that had to be looked up beforehand. */
export interface PaymentQuestion {
  readonly filters: PaymentFilters;
  readonly sort: PaymentSort;
  /** The ids that `q` stands for. */
  readonly found?: FoundIds;
  /** The names that begin with `filters.merchant`, in lower case, when they are few. */
  readonly merchantNames?: readonly string[];
}

export const ID = 'o.payment_id';

export const PAYMENT_KEYSETS: Readonly<Record<PaymentSort, Keyset>> = {
  ...timeKeysets('o.created_at', ID),
  '-amount': byAmount(true),
  amount: byAmount(false),
};

/** The same order, along the index of undelivered results; it has no amounts. */
const RESULT_KEYSETS: Partial<Readonly<Record<PaymentSort, Keyset>>> = timeKeysets(
  'n.ordered_at',
  'n.payment_id',
);

/** The same order, along the list of unpaid orders. */
const UNPAID_KEYSETS: Partial<Readonly<Record<PaymentSort, Keyset>>> = timeKeysets(
  'u.created_at',
  'u.payment_id',
);

function byAmount(isDescending: boolean): Keyset {
  return { keys: [AMOUNT, ID], types: ['numeric', 'uuid'], keyText: `${AMOUNT}::text`, isDescending };
}

export interface KeysWanted {
  readonly from: string;
  readonly conditions: readonly string[];
  readonly keyset: Keyset;
  readonly direction: Direction;
  readonly limit: number;
}

type PageWanted = Pick<KeysWanted, 'direction' | 'limit'> & { readonly cursor?: PageCursor };

/**
 * Chooses the index along which a page is read. Few results are undelivered, and their own index holds them by the time
 * of their orders: it is read instead of the orders. The same goes for the list of unpaid orders. Sorted by amount, the
 * rows are collected first.
 */
export function walkOf(question: PaymentQuestion, page: PageWanted, values: QueryValues): KeysWanted {
  const { direction, limit, cursor } = page;
  const walk =
    alongResults(question, values) ?? alongUnpaid(question, values) ?? alongOrders(question, values);
  const conditions = [
    ...walk.conditions,
    ...(cursor ? [beyond(walk.keyset, direction, cursor.position, values)] : []),
  ];
  return { ...walk, conditions, direction, limit };
}

type Walk = Pick<KeysWanted, 'from' | 'keyset' | 'conditions'>;

function alongOrders(question: PaymentQuestion, values: QueryValues): Walk {
  const keyset = PAYMENT_KEYSETS[question.sort];
  return { from: 'payment_order o', keyset, conditions: conditionsOf(question, values) };
}

function alongResults(question: PaymentQuestion, values: QueryValues): Walk | undefined {
  const { notificationStatus } = question.filters;
  const keyset = RESULT_KEYSETS[question.sort];
  if (!keyset || !isUndelivered(notificationStatus)) return undefined;
  const conditions = [
    ...foundConditions(question, values, { time: 'n.ordered_at', status: plainStatus }),
    `n.status = ${values.add(notificationStatus, 'text')}`,
  ];
  return { from: 'notification n join payment_order o on o.payment_id = n.payment_id', keyset, conditions };
}

/** Not for a merchant, whose orders are read name by name. */
function alongUnpaid(question: PaymentQuestion, values: QueryValues): Walk | undefined {
  const { status, merchant, notificationStatus } = question.filters;
  const keyset = UNPAID_KEYSETS[question.sort];
  if (!keyset || !isListed(status) || merchant !== undefined) return undefined;
  const listed = (wanted: string) => `u.status = ${values.add(wanted, 'text')}`;
  const conditions = [
    ...foundConditions(question, values, { time: 'u.created_at', status: listed }),
    ...notificationCondition(notificationStatus, values),
  ];
  return { from: 'unpaid_order u join payment_order o on o.payment_id = u.payment_id', keyset, conditions };
}

export function conditionsOf(
  question: PaymentQuestion,
  values: QueryValues,
  how: {
    readonly ofNotification?: typeof notificationCondition;
    readonly ofStatus?: typeof plainStatus;
  } = {},
): string[] {
  const { ofNotification = notificationCondition, ofStatus } = how;
  return [
    ...foundConditions(question, values, ofStatus && { status: ofStatus }),
    ...ofNotification(question.filters.notificationStatus, values),
  ];
}

/** All conditions on an order except that on its notification. */
function foundConditions(
  { filters, found }: PaymentQuestion,
  values: QueryValues,
  how?: Parameters<typeof orderConditions>[2],
): string[] {
  return [
    ...orderConditions(filters, values, how),
    ...(found === undefined ? [] : [foundCondition(found, values)]),
  ];
}

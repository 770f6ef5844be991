import type { NotificationStatus, PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { Query } from '../../platform/database/reading-pool.js';
import { orderBy, QueryValues, type PageCursor } from './keyset.js';
import {
  likePrefix,
  merchantCondition,
  NAME,
  notificationGuess,
  plainStatus,
  restOfName,
} from './payment-conditions.js';
import {
  conditionsOf,
  ID,
  PAYMENT_KEYSETS,
  walkOf,
  type KeysWanted,
  type PaymentQuestion,
} from './payment-walk.js';
import type { CustomerId, PaymentId, PaymentRequestId } from '../../payment-order/order/ids.js';

export interface PaymentRow {
  readonly payment_id: PaymentId;
  readonly payment_request_id: PaymentRequestId;
  readonly reference_order_id: string | null;
  readonly customer_id: CustomerId;
  readonly acquirer_id: string | null;
  readonly psp_id: string | null;
  readonly merchant_id: string | null;
  readonly merchant_name: string | null;
  readonly status: PaymentStatus;
  readonly held_reason: string | null;
  readonly result_code: string | null;
  readonly pay_currency: string | null;
  readonly pay_value: string | null;
  readonly payment_currency: string | null;
  readonly payment_value: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly notification_status: NotificationStatus | null;
  readonly key_text: string;
  readonly id: string;
}

export interface ExportedPayment extends Omit<PaymentRow, 'key_text' | 'id'> {
  readonly pay_to_currency: string | null;
  readonly pay_to_value: string | null;
  /** The sum that was refunded, in the currency in which the payer paid. */
  readonly refunded_value: string | null;
  /** The sum of refunds that the ledger has not answered yet. */
  readonly refund_open_value: string | null;
  /** The number of all refunds that Alipay+ requested, refused ones included. */
  readonly refund_count: string;
}

const COLUMNS = `o.payment_id, o.payment_request_id, o.reference_order_id, o.customer_id, o.acquirer_id, o.psp_id,
  o.merchant_id, o.merchant_name, o.status, o.held_reason, o.result_code, o.pay_currency, o.pay_value,
  o.payment_currency, o.payment_value, o.created_at, o.finished_at,
  (select n.status from notification n where n.payment_id = o.payment_id) as notification_status`;

/** More distinct names than this are not searched one by one. */
export const MOST_NAMES = 100;

/**
 * The distinct names with this beginning: the index is searched once for each, however many orders it has. One name
 * more than `MOST_NAMES` shows that there are too many.
 */
export function merchantNames(merchant: string): Query {
  const from = `from payment_order o where ${NAME} like lower($1::text)`;
  return {
    text: `
      with recursive name (value) as (
        (select ${NAME} ${from} order by ${NAME} using ~<~ limit 1)
        union all
        select (select ${NAME} ${from} and ${NAME} ~>~ name.value order by ${NAME} using ~<~ limit 1)
        from name where name.value is not null)
      select value from name where value is not null limit ${MOST_NAMES + 1}`,
    values: [likePrefix(merchant)],
  };
}

/** One page, in the direction of reading. The keys are found first, so only the rows of the page are fetched. */
export function paymentPage(question: PaymentQuestion, limit: number, cursor?: PageCursor): Query {
  const keyset = PAYMENT_KEYSETS[question.sort];
  const direction = cursor?.direction ?? 'next';
  const values = new QueryValues();
  const wanted = walkOf(question, { direction, limit, ...(cursor && { cursor }) }, values);
  const order = orderBy(keyset, direction);
  const keys = keysOf(question, wanted, values);
  return {
    text: `
      select ${COLUMNS}, ${keyset.keyText} as key_text, ${ID} as id
      from (${keys}) page join payment_order o using (payment_id)
      order by ${order}`,
    values: values.list,
  };
}

/** All rows up to a limit, for an export that reads them one after another. */
export function paymentRows(question: PaymentQuestion, limit: number): Query {
  const values = new QueryValues();
  const where = everyCondition(question, values);
  const order = orderBy(PAYMENT_KEYSETS[question.sort], 'next');
  return {
    text: `select ${COLUMNS}, o.pay_to_currency, o.pay_to_value, r.refunded_value, r.refund_open_value, r.refund_count
      from payment_order o, lateral (
        select sum(back_value) filter (where status = 'REFUNDED')::text as refunded_value,
          sum(back_value) filter (where status in ('REQUESTED', 'IN_DOUBT'))::text as refund_open_value,
          count(*)::text as refund_count
        from refund where refund.payment_id = o.payment_id) r
      where ${where} order by ${order} limit ${limit}`,
    values: values.list,
  };
}

/** The number of rows, counted up to `atMost`. */
export function paymentCount(question: PaymentQuestion, atMost: number): Query {
  const values = new QueryValues();
  const where = everyCondition(question, values);
  return {
    text: `select count(*)::int as count from (select from payment_order o where ${where} limit ${atMost}) counted`,
    values: values.list,
  };
}

/** The statement whose number of rows the planner estimates. */
export function paymentsGuessed(question: PaymentQuestion): Query {
  const values = new QueryValues();
  const where = everyCondition(question, values, {
    ofNotification: notificationGuess,
    ofStatus: plainStatus,
  });
  return { text: `select from payment_order o where ${where}`, values: values.list };
}

function keysOf(question: PaymentQuestion, wanted: KeysWanted, values: QueryValues): string {
  const { merchant } = question.filters;
  const { conditions } = wanted;
  if (merchant === undefined) return keysWhere(conditions, wanted);
  if (question.merchantNames === undefined) {
    return keysWhere([...conditions, merchantCondition(merchant, values)], wanted);
  }
  return keysOfMerchants(merchant, question.merchantNames, wanted, values);
}

function keysWhere(conditions: readonly string[], { from, keyset, direction, limit }: KeysWanted): string {
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return `select ${ID}, ${keyset.keys[0]} as key from ${from} ${where}
    order by ${orderBy(keyset, direction)} limit ${limit}`;
}

/**
 * The first few of every name, then the first few of those. The index holds each name in order of time, so this costs
 * the same for names with ten orders or a million, new ones or old ones.
 */
function keysOfMerchants(
  merchant: string,
  names: readonly string[],
  wanted: KeysWanted,
  values: QueryValues,
): string {
  const id = values.add(merchant, 'text');
  const rest = restOfName(merchant, values);
  const ofName = [
    `${NAME} = name.value`,
    `o.merchant_id is distinct from ${id}`,
    ...(rest === undefined ? [] : [rest]),
    ...wanted.conditions,
  ];
  const word = orderBy({ ...wanted.keyset, keys: ['key', 'payment_id'] }, wanted.direction);
  return `select payment_id, key from (
      (${keysWhere([`o.merchant_id = ${id}`, ...wanted.conditions], wanted)})
      union all
      select of_name.payment_id, of_name.key from unnest(${values.add(names, 'text[]')}) as name (value)
        cross join lateral (${keysWhere(ofName, wanted)}) of_name) of_merchant
    order by ${word} limit ${wanted.limit}`;
}

function everyCondition(
  question: PaymentQuestion,
  values: QueryValues,
  how?: Parameters<typeof conditionsOf>[2],
): string {
  const { merchant } = question.filters;
  const conditions = conditionsOf(question, values, how);
  if (merchant !== undefined) conditions.push(merchantCondition(merchant, values));
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

import {
  columnOf,
  jsonBytes,
  type ColumnOf,
  type ColumnType,
  type RowOf,
} from '../../platform/database/columns.js';
import type { Money } from '../order/money.js';
import { DECODED, DECODED_PROPERTIES, type DecodedProperty } from '../order/payment-order.columns.js';
import type { PaymentOrderEntity } from '../order/payment-order.entity.js';
import type { DecodedOrder } from '../order/payment-order.js';
import type { PaymentStatus } from '../order/payment-status.js';
import type { PaymentId } from '../order/ids.js';

const DECODED_COLUMNS = DECODED_PROPERTIES.map((property) => [property, columnOf(property)] as const);

/** What a new order is written with; its owner and its times come from the statement. */
export const INSERTED_COLUMNS = {
  payment_id: 'uuid',
  status: 'text',
  reference_order_id: 'text',
  merchant_id: 'text',
  merchant_name: 'text',
  payment_currency: 'text',
  payment_value: 'numeric',
  pay_to_currency: 'text',
  pay_to_value: 'numeric',
  pay_currency: 'text',
  pay_value: 'numeric',
  content: 'jsonb',
  sealed_content: 'bytea',
  content_sha256: 'bytea',
  ...(Object.fromEntries(DECODED_COLUMNS.map(([property, column]) => [column, DECODED[property]])) as {
    readonly [Property in DecodedProperty as ColumnOf<Property>]: (typeof DECODED)[Property];
  }), // the same list under the names of its columns
} as const satisfies Partial<Record<keyof RowOf<PaymentOrderEntity>, ColumnType>>;

/** The values of `INSERTED_COLUMNS` in JSON, apart from the content, which is JSON already. */
export function insertedValues(
  paymentId: PaymentId,
  decoded: DecodedOrder,
  contentSha256: Buffer,
): Readonly<Record<Exclude<keyof typeof INSERTED_COLUMNS, 'content' | 'sealed_content'>, unknown>> {
  const { merchant, referenceOrderId } = decoded.content;
  const values: Record<string, unknown> = {};
  for (const [property, column] of DECODED_COLUMNS) values[column] = decoded[property];
  return {
    ...(values as Record<ColumnOf<DecodedProperty>, unknown>), // one for each of the decoded properties
    payment_id: paymentId,
    status: firstStatus(decoded),
    reference_order_id: referenceOrderId,
    merchant_id: merchant?.referenceMerchantId,
    merchant_name: merchant?.merchantDisplayName ?? merchant?.merchantName,
    ...amountValues(decoded),
    content_sha256: jsonBytes(contentSha256),
  };
}

function amountValues({ paymentAmount, payToAmount, payAmount }: DecodedOrder) {
  const valueOf = (money: Money | undefined): string | undefined => money?.value.toString();
  return {
    payment_currency: paymentAmount?.currency,
    payment_value: valueOf(paymentAmount),
    pay_to_currency: payToAmount?.currency,
    pay_to_value: valueOf(payToAmount),
    pay_currency: payAmount?.currency,
    pay_value: valueOf(payAmount),
  };
}

/** Where an order begins. */
export function firstStatus({ heldReason }: DecodedOrder): PaymentStatus {
  return heldReason === undefined ? 'AWAITING_CONFIRMATION' : 'HELD';
}

/**
 * What is left of an answer that the database cannot hold: which order it was about, and that nobody may pay it.
 *
 * @param sqlState what PostgreSQL called the fault
 */
export function bareOrderOf(
  { paymentRequestId, scenario, notifyUrl }: DecodedOrder,
  sqlState = 'unknown',
): DecodedOrder {
  return {
    paymentRequestId,
    scenario,
    // A notification with an invalid address is parked with an alarm once it is due.
    notifyUrl: /^[\x21-\x7e]{1,2048}$/.test(notifyUrl) ? notifyUrl : '',
    heldReason: `NOT_PAYABLE: the answer holds a value that cannot be stored (${sqlState})`,
    content: { promotions: [], surcharged: false },
  };
}

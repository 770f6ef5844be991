import { readMoney, toShownAmount, type ShownAmount } from '../../payment-order/order/money.js';
import type { FoundNotificationRow } from './notification-search.sql.js';
import type { PaymentRow } from './payment-search.sql.js';
import type { FoundScanRow } from './scan-search.sql.js';

export interface FoundPayment {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly referenceOrderId?: string;
  readonly customerId: string;
  readonly acquirerId?: string;
  readonly pspId?: string;
  readonly merchantId?: string;
  readonly merchantName?: string;
  readonly status: string;
  readonly heldReason?: string;
  readonly resultCode?: string;
  /** What the payer pays. */
  readonly payAmount?: ShownAmount;
  /** What the merchant asked for. */
  readonly paymentAmount?: ShownAmount;
  readonly notificationStatus?: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
}

export interface FoundScan {
  readonly scanId: string;
  readonly customerId: string;
  readonly status: string;
  readonly resultCode?: string;
  readonly unknownReason?: string;
  readonly paymentId?: string;
  readonly tries: number;
  readonly nextAttemptAt?: string;
  readonly givesUpAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface FoundNotification {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly customerId: string;
  readonly paymentStatus: string;
  readonly status: string;
  readonly url: string;
  readonly tries: number;
  readonly lastOutcome?: string;
  readonly nextAttemptAt?: string;
  readonly givesUpAt: string;
  readonly deliveredAt?: string;
  /** When the result became final. */
  readonly createdAt: string;
}

export function foundPayment(row: PaymentRow): FoundPayment {
  return {
    paymentId: row.payment_id,
    paymentRequestId: row.payment_request_id,
    ...present('referenceOrderId', row.reference_order_id),
    customerId: row.customer_id,
    ...present('acquirerId', row.acquirer_id),
    ...present('pspId', row.psp_id),
    ...present('merchantId', row.merchant_id),
    ...present('merchantName', row.merchant_name),
    status: row.status,
    ...present('heldReason', row.held_reason),
    ...present('resultCode', row.result_code),
    ...present('payAmount', shownAmount(row.pay_currency, row.pay_value)),
    ...present('paymentAmount', shownAmount(row.payment_currency, row.payment_value)),
    ...present('notificationStatus', row.notification_status),
    createdAt: row.created_at.toISOString(),
    ...present('finishedAt', row.finished_at?.toISOString()),
  };
}

export function foundScan(row: FoundScanRow): FoundScan {
  return {
    scanId: row.scan_id,
    customerId: row.customer_id,
    status: row.status,
    ...present('resultCode', row.result_code),
    ...present('unknownReason', row.unknown_reason),
    ...present('paymentId', row.payment_id),
    tries: row.tries,
    ...present('nextAttemptAt', row.next_attempt_at?.toISOString()),
    givesUpAt: row.gives_up_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

export function foundNotification(row: FoundNotificationRow): FoundNotification {
  return {
    paymentId: row.payment_id,
    paymentRequestId: row.payment_request_id,
    customerId: row.customer_id,
    paymentStatus: row.payment_status,
    status: row.status,
    url: row.url,
    tries: row.tries,
    ...present('lastOutcome', row.last_outcome),
    ...present('nextAttemptAt', row.next_attempt_at?.toISOString()),
    givesUpAt: row.gives_up_at.toISOString(),
    ...present('deliveredAt', row.delivered_at?.toISOString()),
    createdAt: row.created_at.toISOString(),
  };
}

/** Undefined where a column is empty; also what is no currency of ISO 4217 is shown, as it stands. */
export function shownAmount(currency: string | null, value: string | null): ShownAmount | undefined {
  if (currency === null || value === null) return undefined;
  const money = readMoney({ currency, value });
  return money ? toShownAmount(money) : { currency, value, display: `${value} ${currency}` };
}

/** A null of the row is an absent field. */
function present<Name extends string, Value>(
  name: Name,
  value: Value | null | undefined,
): Partial<Record<Name, Value>> {
  return value === null || value === undefined ? {} : ({ [name]: value } as Record<Name, Value>); // a computed name widens to string
}

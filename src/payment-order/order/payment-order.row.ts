import { present } from '../../platform/present.js';
import { keptMoney, type Money } from './money.js';
import type { OrderContent, PaymentOrder, Scenario } from './payment-order.js';
import type { PaymentResult } from './payment-result.js';
import type { NotificationStatus, PaymentStatus } from './payment-status.js';

/** The columns of an order as every statement of the stores returns them; `o` names the row, `n` its notification. */
export const ORDER_COLUMNS = `
  o.payment_id, o.payment_request_id, o.customer_id, o.status, o.scenario,
  o.payment_currency, o.payment_value, o.pay_to_currency, o.pay_to_value, o.pay_currency, o.pay_value,
  o.quote_id, o.quote_expires_at, o.expires_at, o.notify_url, o.content, o.content_conflict, o.held_reason,
  o.cancel_requested_at, o.result_status, o.result_code, o.result_message, o.payment_time,
  o.created_at, o.updated_at`;

export interface OrderRow {
  readonly payment_id: string;
  readonly payment_request_id: string;
  readonly customer_id: string;
  readonly status: PaymentStatus;
  readonly scenario: Scenario;
  readonly payment_currency: string | null;
  readonly payment_value: string | null;
  readonly pay_to_currency: string | null;
  readonly pay_to_value: string | null;
  readonly pay_currency: string | null;
  readonly pay_value: string | null;
  readonly quote_id: string | null;
  readonly quote_expires_at: Date | null;
  readonly expires_at: Date;
  readonly notify_url: string;
  readonly content: OrderContent;
  readonly content_conflict: boolean;
  readonly held_reason: string | null;
  readonly cancel_requested_at: Date | null;
  readonly result_status: 'S' | 'F' | null;
  readonly result_code: string | null;
  readonly result_message: string | null;
  readonly payment_time: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly notification_status?: NotificationStatus | null;
  readonly now: Date;
}

export function toPaymentOrder(row: OrderRow): PaymentOrder {
  return present<PaymentOrder>({
    paymentId: row.payment_id,
    paymentRequestId: row.payment_request_id,
    customerId: row.customer_id,
    status: row.status,
    scenario: row.scenario,
    expiresAt: row.expires_at,
    notifyUrl: row.notify_url,
    content: row.content,
    contentConflict: row.content_conflict,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    readAt: row.now,
    paymentAmount: moneyOf(row.payment_currency, row.payment_value),
    payToAmount: moneyOf(row.pay_to_currency, row.pay_to_value),
    payAmount: moneyOf(row.pay_currency, row.pay_value),
    quoteId: row.quote_id,
    quoteExpiresAt: row.quote_expires_at,
    heldReason: row.held_reason,
    cancelRequestedAt: row.cancel_requested_at,
    result: result(row),
    paymentTime: row.payment_time,
    notificationStatus: row.notification_status,
  });
}

export function moneyOf(currency: string | null, value: string | null): Money | undefined {
  return currency === null || value === null ? undefined : keptMoney({ currency, value });
}

function result(row: OrderRow): PaymentResult | undefined {
  if (row.result_status === null || row.result_code === null) return undefined;
  return {
    resultStatus: row.result_status,
    resultCode: row.result_code,
    resultMessage: row.result_message ?? '',
  };
}

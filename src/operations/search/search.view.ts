import { readMoney, toShownAmount, type ShownAmount } from '../../payment-order/order/money.js';
import { answerOf } from '../../platform/present.js';
import type { FoundEventRow } from './event-search.sql.js';
import type { FoundNotificationRow } from './notification-search.sql.js';
import type { PaymentRow } from './payment-search.sql.js';
import type { FoundScanRow } from './scan-search.sql.js';
import type {
  DeliveryOfEvent,
  FoundEventDto,
  FoundNotificationDto,
  FoundPaymentDto,
  FoundScanDto,
} from './search.dto.js';

export function foundPayment(row: PaymentRow): FoundPaymentDto {
  return answerOf<FoundPaymentDto>({
    paymentId: row.payment_id,
    paymentRequestId: row.payment_request_id,
    referenceOrderId: row.reference_order_id,
    customerId: row.customer_id,
    acquirerId: row.acquirer_id,
    pspId: row.psp_id,
    merchantId: row.merchant_id,
    merchantName: row.merchant_name,
    status: row.status,
    heldReason: row.held_reason,
    resultCode: row.result_code,
    payAmount: shownAmount(row.pay_currency, row.pay_value),
    paymentAmount: shownAmount(row.payment_currency, row.payment_value),
    notificationStatus: row.notification_status,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString(),
  });
}

export function foundScan(row: FoundScanRow): FoundScanDto {
  return answerOf<FoundScanDto>({
    scanId: row.scan_id,
    customerId: row.customer_id,
    status: row.status,
    resultCode: row.result_code,
    unknownReason: row.unknown_reason,
    paymentId: row.payment_id,
    tries: row.tries,
    nextAttemptAt: row.next_attempt_at?.toISOString(),
    givesUpAt: row.gives_up_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  });
}

export function foundNotification(row: FoundNotificationRow): FoundNotificationDto {
  return answerOf<FoundNotificationDto>({
    paymentId: row.payment_id,
    paymentRequestId: row.payment_request_id,
    customerId: row.customer_id,
    paymentStatus: row.payment_status,
    status: row.status,
    url: row.url,
    tries: row.tries,
    lastOutcome: row.last_outcome,
    nextAttemptAt: row.next_attempt_at?.toISOString(),
    givesUpAt: row.gives_up_at.toISOString(),
    deliveredAt: row.delivered_at?.toISOString(),
    createdAt: row.created_at.toISOString(),
  });
}

export function foundEvent(row: FoundEventRow): FoundEventDto {
  return answerOf<FoundEventDto>({
    eventId: row.event_id,
    type: row.type,
    paymentId: row.payment_id,
    scanId: row.scan_id,
    createdAt: row.at.toISOString(),
    deliveries: row.deliveries.map(deliveryView),
  });
}

/** From JSON, in which PostgreSQL writes times with an offset of its own. */
export function deliveryView(row: FoundEventRow['deliveries'][number]): DeliveryOfEvent {
  const time = (text: string | undefined): string | undefined => text && new Date(text).toISOString();
  return answerOf<DeliveryOfEvent>({
    endpoint: row.endpoint,
    status: row.status,
    tries: row.tries,
    lastOutcome: row.lastOutcome,
    nextAttemptAt: time(row.nextAttemptAt),
    givesUpAt: new Date(row.givesUpAt).toISOString(),
    deliveredAt: time(row.deliveredAt),
  });
}

/** Undefined where a column is empty; an unknown currency is shown as it is. */
export function shownAmount(currency: string | null, value: string | null): ShownAmount | undefined {
  if (currency === null || value === null) return undefined;
  const money = readMoney({ currency, value });
  return money ? toShownAmount(money) : { currency, value, display: `${value} ${currency}` };
}

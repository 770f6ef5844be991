import type { PaymentOrder } from '../payment-order/order/payment-order.js';
import type { Scan } from '../payment-order/scan/scan.js';

/**
 * What an event says of a payment or a scan: what the wallet's apps are answered about it, which is for the door to
 * say. The application binds it.
 */
export abstract class EventViews {
  /** As `GET /v1/payments/{paymentId}` answers, without what only the payer's device needs. */
  abstract payment(payment: PaymentOrder): object;
  /** A scan without an order, and what the payer is shown. */
  abstract scan(scan: Scan): object;
}

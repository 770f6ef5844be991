import type { WalletEvent } from '../payment-order/event/event.store.js';
import type { PaymentOrder } from '../payment-order/order/payment-order.js';
import type { Scan } from '../payment-order/scan/scan.js';

/** What happened, and when. */
export type Happening = Pick<WalletEvent, 'type' | 'at'>;

/** What became of a payment. */
export type PaymentChange = Extract<WalletEvent['about'], { readonly kind: 'payment' }>['change'];

/**
 * The message of an event. What it says of a payment or a scan is what the wallet's apps are answered about it, which is
 * for the door to say. The application binds it.
 */
export abstract class EventViews {
  /** The payment as `GET /v1/payments/{paymentId}` answers, without what only the payer's device needs. */
  abstract payment(event: Happening, change: PaymentChange, payment: PaymentOrder): object;
  /** A scan that came to nothing, and what the payer is told. */
  abstract scan(event: Happening, scan: Scan): object;
}

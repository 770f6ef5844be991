import { PaymentPromoDetail } from './payment-promo-detail.js';
import { UNCONDITIONAL } from './presence.js';
import { list, Optional } from './wire-field.js';

/** The promotions of an order. API page userInitiatedPay, response: paymentPromoInfo. */
export class PaymentPromoInfo {
  /** There may be several. */
  @Optional(list(PaymentPromoDetail), UNCONDITIONAL)
  readonly paymentPromoDetails?: readonly PaymentPromoDetail[];
}

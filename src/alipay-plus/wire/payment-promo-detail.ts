import { Amount } from './amount.js';
import { oneOf, text } from './scalars.js';
import { Required, whole } from './wire-field.js';

/** One promotion. API page userInitiatedPay, response: paymentPromoInfo.paymentPromoDetails. */
export class PaymentPromoDetail {
  /** The id Alipay+ gave the promotion. */
  @Required(text(128))
  readonly promoId?: string;

  /** Discount that applies by itself, or coupon. */
  @Required(oneOf(['INSTANT_DISCOUNT', 'COUPON']))
  readonly promoType?: string;

  /** What the payer sees it called. */
  @Required(text(128))
  readonly promoName?: string;

  /** What the payer saves, in the currency of payToAmount; already taken off paymentAmount and payToAmount. */
  @Required(whole(Amount))
  readonly savingsAmount?: Amount;
}

import { FROM_MERCHANT } from './presence.js';
import { text } from './scalars.js';
import { Optional, Required } from './wire-field.js';

/** A person's name. API page userInitiatedPay, response: order.buyer.buyerName, order.shipping.shippingName. */
export class UserName {
  /** Given name. */
  @Optional(text(32), FROM_MERCHANT)
  readonly firstName?: string;

  /** Middle name. */
  @Optional(text(32), FROM_MERCHANT)
  readonly middleName?: string;

  /** Family name. */
  @Optional(text(32), FROM_MERCHANT)
  readonly lastName?: string;

  /** The name as a whole. */
  @Required(text(128))
  readonly fullName?: string;
}

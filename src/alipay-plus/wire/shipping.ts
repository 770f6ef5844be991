import { Address } from './address.js';
import { FROM_MERCHANT } from './presence.js';
import { text } from './scalars.js';
import { UserName } from './user-name.js';
import { object, Optional, Required } from './wire-field.js';

/** Who receives the goods, and where. API page userInitiatedPay, response: order.shipping. */
export class Shipping {
  /** The recipient. */
  @Required(object(UserName))
  readonly shippingName?: UserName;

  /** Where it goes. */
  @Required(object(Address))
  readonly shippingAddress?: Address;

  /** Who carries it. */
  @Optional(text(128), FROM_MERCHANT)
  readonly shippingCarrier?: string;

  /** How to reach the recipient. */
  @Optional(text(16), FROM_MERCHANT)
  readonly shippingPhoneNo?: string;
}

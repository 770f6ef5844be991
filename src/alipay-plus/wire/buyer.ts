import { FROM_MERCHANT } from './presence.js';
import { text } from './scalars.js';
import { UserName } from './user-name.js';
import { object, Optional } from './wire-field.js';

/** Who buys, as the merchant knows them. API page userInitiatedPay, response: order.buyer. */
export class Buyer {
  /** The merchant's own id of the buyer; not our customerId. */
  @Optional(text(64), FROM_MERCHANT)
  readonly referenceBuyerId?: string;

  /** The buyer's name. */
  @Optional(object(UserName), FROM_MERCHANT)
  readonly buyerName?: UserName;

  /** How to call the buyer. */
  @Optional(text(24), FROM_MERCHANT)
  readonly buyerPhoneNo?: string;

  /** Where to write to the buyer. */
  @Optional(text(64), FROM_MERCHANT)
  readonly buyerEmail?: string;
}

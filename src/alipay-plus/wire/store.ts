import { Address } from './address.js';
import { FROM_MERCHANT } from './presence.js';
import { text } from './scalars.js';
import { object, Optional, Required } from './wire-field.js';

/** The shop the payer stands in. API page userInitiatedPay, response: order.merchant.store. */
export class Store {
  /** The merchant's own id of the shop. */
  @Required(text(32))
  readonly referenceStoreId?: string;

  /** The shop's legal name. */
  @Required(text(256))
  readonly storeName?: string;

  /** Kind of business as a merchant category code. */
  @Required(text(32))
  readonly storeMCC?: string;

  /** The name over the door. */
  @Optional(text(64), FROM_MERCHANT)
  readonly storeDisplayName?: string;

  /** The merchant's own id of the till. */
  @Optional(text(64), FROM_MERCHANT)
  readonly storeTerminalId?: string;

  /** Where the shop is. */
  @Optional(object(Address), FROM_MERCHANT)
  readonly storeAddress?: Address;
}

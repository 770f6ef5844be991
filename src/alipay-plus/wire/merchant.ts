import { Address } from './address.js';
import { FROM_MERCHANT } from './presence.js';
import { datetime, text } from './scalars.js';
import { Store } from './store.js';
import { object, Optional, Required } from './wire-field.js';

/** Who sells. API page userInitiatedPay, response: order.merchant. */
export class Merchant {
  /** The id Alipay+ gave the merchant. */
  @Required(text(32))
  readonly referenceMerchantId?: string;

  /** Kind of business as a merchant category code. */
  @Required(text(32))
  readonly merchantMCC?: string;

  /** Legal name. */
  @Required(text(256))
  readonly merchantName?: string;

  /** Where the merchant is registered when the payer pays on a cashier page; where the payment happens in a shop. */
  @Required(object(Address))
  readonly merchantAddress?: Address;

  /** The name the payer knows. */
  @Required(text(64))
  readonly merchantDisplayName?: string;

  /** When the merchant registered its business with the authorities. */
  @Optional(datetime(), FROM_MERCHANT)
  readonly merchantRegisterDate?: string;

  /** The shop. */
  @Optional(object(Store), 'in a shop')
  readonly store?: Store;
}

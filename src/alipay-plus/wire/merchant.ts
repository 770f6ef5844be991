import { datetime, text } from './scalars.js';
import { FROM_MERCHANT, object, Optional, Required } from './wire-field.js';

/** API page userInitiatedPay, response: order.merchant.merchantAddress and every other Address. */
export class Address {
  /** Country or region by ISO 3166, two letters. */
  @Required(text(2))
  readonly region?: string;

  /** State, county or province. */
  @Optional(text(64), FROM_MERCHANT)
  readonly state?: string;

  /** City, district, suburb, town or village. */
  @Optional(text(64), FROM_MERCHANT)
  readonly city?: string;

  /** First line: street, post-office box or company. */
  @Optional(text(256), FROM_MERCHANT)
  readonly address1?: string;

  /** Second line: apartment, suite, unit or building. */
  @Optional(text(256), FROM_MERCHANT)
  readonly address2?: string;

  /** Postal code. */
  @Optional(text(32), FROM_MERCHANT)
  readonly zipCode?: string;
}

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

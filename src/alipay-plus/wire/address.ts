import { FROM_MERCHANT } from './presence.js';
import { text } from './scalars.js';
import { Optional, Required } from './wire-field.js';

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

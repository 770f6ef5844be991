import { Amount } from './amount.js';
import { Quote } from './quote.js';
import { Required, whole } from './wire-field.js';

/** A surcharge Alipay+ collects for us. API page userInitiatedPay, response: surchargeInfo. */
export class SurchargeInfo {
  /** All that the payer pays, surcharge included; payToAmount stays what is settled. */
  @Required(whole(Amount))
  readonly surchargeAmount!: Amount;

  /** The rate between paymentAmount and surchargeAmount. */
  @Required(whole(Quote))
  readonly surchargeQuote!: Quote;
}

import { ActionForm } from './action-form.js';
import { Amount } from './amount.js';
import { AuthorizationInfo } from './authorization-info.js';
import { Order } from './order.js';
import { PaymentFactor } from './payment-factor.js';
import { PaymentPromoInfo } from './payment-promo-info.js';
import { WITH_SUCCESS } from './presence.js';
import { Quote } from './quote.js';
import { Result } from './result.js';
import { datetime, oneOf, text, url } from './scalars.js';
import { SurchargeInfo } from './surcharge-info.js';
import { object, Optional, Required, whole } from './wire-field.js';

const WITH_ORDER_CODE = 'with resultCode SUCCESS and codeType ORDER_CODE';

/**
 * What the scanned code means. API page userInitiatedPay, response.
 *
 * Even a field the API calls required may be undefined here: an answer is not thrown away for a missing display text.
 * An amount or a rate is there whole or not at all.
 */
export class UserInitiatedPayResponse {
  /** Whether the code could be decoded. */
  @Required(object(Result))
  readonly result!: Result;

  /** The acquirer's id, given by Alipay+. */
  @Optional(text(64), WITH_SUCCESS)
  readonly acquirerId?: string;

  /** Our own id as a wallet, given by Alipay+. */
  @Optional(text(64), WITH_SUCCESS)
  readonly pspId?: string;

  /** What kind of code it was. */
  @Optional(oneOf(['ORDER_CODE']), WITH_SUCCESS)
  readonly codeType?: string;

  /** The id of the payment order at Alipay+: one order per id, and it is paid only once. */
  @Optional(text(64), WITH_SUCCESS)
  readonly paymentRequestId?: string;

  /** What was agreed between buyer and merchant. */
  @Optional(object(Order), WITH_SUCCESS)
  readonly order?: Order;

  /** What is special about the payment. */
  @Optional(object(PaymentFactor), WITH_SUCCESS)
  readonly paymentFactor?: PaymentFactor;

  /** What Alipay+ asks for, in the currency of the order, promotions already taken off. Echoed, never recomputed. */
  @Optional(whole(Amount), WITH_ORDER_CODE)
  readonly paymentAmount?: Amount;

  /** What we settle to Alipay+, in our currency: the debit, unless there is a surcharge. */
  @Optional(whole(Amount), WITH_ORDER_CODE)
  readonly payToAmount?: Amount;

  /** The rate between the two. */
  @Optional(whole(Quote), 'if payToAmount and paymentAmount differ in currency')
  readonly paymentQuote?: Quote;

  /** What the payer pays instead of payToAmount. */
  @Optional(whole(SurchargeInfo), 'with paymentFactor.needSurcharge true')
  readonly surchargeInfo?: SurchargeInfo;

  /** Where the final result has to be sent; without it the default agreed with Alipay+ counts. */
  @Optional(url(2048), 'optional; mandatory to use when there')
  readonly paymentNotifyUrl?: string;

  /** Where the payer goes from our result page. */
  @Optional(url(2048), 'if the payer has to go back to the merchant')
  readonly paymentRedirectUrl?: string;

  /** When Alipay+ closes the order; from then on it must not be debited. */
  @Optional(datetime(), 'with paymentFactor.isPaymentEvaluation not true')
  readonly paymentExpiryTime?: string;

  /** The authorisation that is asked for together with the payment. */
  @Optional(object(AuthorizationInfo), 'with paymentFactor.isAuthorizationAndPay true')
  readonly authorizationInfo?: AuthorizationInfo;

  /** The promotions that were applied. */
  @Optional(object(PaymentPromoInfo), 'if a promotion was applied')
  readonly paymentPromoInfo?: PaymentPromoInfo;

  /** What has to happen before the payment; absent means that we go on ourselves. */
  @Optional(object(ActionForm), 'if something has to happen first')
  readonly actionForm?: ActionForm;

  /** Key-value pairs from the acquirer. */
  @Optional(text(20000), 'if the acquirer has something to tell us')
  readonly passThroughInfo?: string;
}

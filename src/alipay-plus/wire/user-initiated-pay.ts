import { Amount, Quote } from './amount.js';
import { Order } from './order.js';
import { Result } from './result.js';
import { datetime, flag, oneOf, text, url } from './scalars.js';
import { list, object, Optional, Required, UNCONDITIONAL, whole, WITH_SUCCESS } from './wire-field.js';
import type { Id } from '../../platform/id.js';

/** A wallet that pays through ours. API page userInitiatedPay, request: indirectMpp. */
export class IndirectMpp {
  /** Its id. */
  @Required(text(64))
  readonly indirectMppId!: string;

  /** Its legal name. */
  @Optional(text(256), UNCONDITIONAL)
  readonly indirectMppName?: string;
}

/** Asks what a scanned order code means. API page userInitiatedPay, request. */
export class UserInitiatedPayRequest {
  /** What the payer scanned, character for character: it is the key a repetition is recognised by. */
  @Required(text(512))
  readonly codeValue!: string;

  /** Our id of the payer; another payer with the same code is refused as REPEAT_REQ_INCONSISTENT. */
  @Required(text(64))
  readonly customerId!: Id<'CustomerId'>;

  /** Key-value pairs for the acquirer. */
  @Optional(text(20000), 'if there is something to pass to the acquirer')
  readonly passThroughInfo?: string;

  /** The wallet that pays through ours. */
  @Optional(object(IndirectMpp), 'if another wallet pays through ours')
  readonly indirectMpp?: IndirectMpp;
}

const DEFAULT_FALSE = 'optional; absent means false';

/** What is special about the payment, as flags. API page userInitiatedPay, response: paymentFactor. */
export class PaymentFactor {
  /** True in a shop; otherwise the payment is online. With isCashierPayment it tells the scenario. */
  @Optional(flag(), UNCONDITIONAL)
  readonly isInStorePayment?: boolean;

  /** The payer pays surchargeInfo.surchargeAmount, while payToAmount is still what is settled. */
  @Optional(flag(), DEFAULT_FALSE)
  readonly needSurcharge?: boolean;

  /** Auto Debit only asks whether a payment would succeed: no money may move. */
  @Optional(flag(), DEFAULT_FALSE)
  readonly isPaymentEvaluation?: boolean;

  /** The payer sees a page of ours and confirms; true in both order-code scenarios. */
  @Optional(flag(), UNCONDITIONAL)
  readonly isCashierPayment?: boolean;

  /** The payment is an Auto Debit. */
  @Optional(flag(), UNCONDITIONAL)
  readonly isAgreementPayment?: boolean;

  /** The payer authorises Auto Debit together with this payment; authorizationInfo then comes along. */
  @Optional(flag(), UNCONDITIONAL)
  readonly isAuthorizationAndPay?: boolean;

  /** The payment was authorised beforehand. */
  @Optional(flag(), UNCONDITIONAL)
  readonly isAuthorizationPayment?: boolean;

  /** The payer has used the service already and pays afterwards. */
  @Optional(flag(), UNCONDITIONAL)
  readonly isDeferredPayment?: boolean;

  /** The payment information has to be validated before the payment. */
  @Optional(flag(), UNCONDITIONAL)
  readonly needCheckCompliance?: boolean;

  /** The payer has to prove themselves by a one-time password before the payment. */
  @Optional(flag(), UNCONDITIONAL)
  readonly needOtpVerification?: boolean;

  /** Settlement crosses a border. */
  @Optional(flag(), UNCONDITIONAL)
  readonly isCrossborderSettlement?: boolean;

  /** Names the in-store scenario, but not reliably: the API forbids deciding by it. */
  @Optional(oneOf(['PaymentCode', 'OrderCode', 'EntryCode']), 'in some scenarios')
  readonly inStorePaymentScenario?: string;
}

/** A surcharge Alipay+ collects for us. API page userInitiatedPay, response: surchargeInfo. */
export class SurchargeInfo {
  /** All that the payer pays, surcharge included; payToAmount stays what is settled. */
  @Required(whole(Amount))
  readonly surchargeAmount!: Amount;

  /** The rate between paymentAmount and surchargeAmount. */
  @Required(whole(Quote))
  readonly surchargeQuote!: Quote;
}

/** An authorisation for Auto Debit. API page userInitiatedPay, response: authorizationInfo. */
export class AuthorizationInfo {
  /** The id the auth client gave the authorisation. */
  @Required(text(64))
  readonly referenceAgreementId?: string;

  /** The id the acquirer gave the auth client, which is mostly the merchant. */
  @Required(text(64))
  readonly authClientId?: string;

  /** A text of the auth client that has to come back to it. */
  @Optional(text(256), UNCONDITIONAL)
  readonly authState?: string;
}

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

/** The promotions of an order. API page userInitiatedPay, response: paymentPromoInfo. */
export class PaymentPromoInfo {
  /** There may be several. */
  @Optional(list(PaymentPromoDetail), UNCONDITIONAL)
  readonly paymentPromoDetails?: readonly PaymentPromoDetail[];
}

/** What has to happen before the payment. API page userInitiatedPay, response: actionForm. */
export class ActionForm {
  /** HANDLE_BY_PSP: we go on ourselves. HANDLE_BY_SDK: the app hands over to the Alipay+ client SDK. */
  @Required(oneOf(['HANDLE_BY_SDK', 'HANDLE_BY_PSP']))
  readonly actionType?: string;

  /** Opaque; goes to the app, and from there into the SDK. */
  @Optional(text(2048), 'with actionType HANDLE_BY_SDK')
  readonly sdkActionPayload?: string;
}

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
  readonly paymentRequestId?: Id<'PaymentRequestId'>;

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
  @Optional(text(20000), 'if the acquirer passes something to us')
  readonly passThroughInfo?: string;
}

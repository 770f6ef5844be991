import { UNCONDITIONAL } from './presence.js';
import { flag, oneOf } from './scalars.js';
import { Optional } from './wire-field.js';

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

// Generated from docs/openapi.json: `npm run openapi` writes it. Do not edit it by hand.

export interface AmountAnswer {
  /** Alphabetic code of ISO 4217. */
  readonly currency: string;
  /** Minor units, as a string. */
  readonly value: string;
  /** For people. */
  readonly display: string;
}

export interface AuthorizationInfo {
  readonly referenceAgreementId?: string;
  readonly authClientId?: string;
  readonly authState?: string;
}

export interface ConfirmPayment {
  /** `payAmount` of the payment as it was answered, with or without `display`. `currency` and `value` have to be those of the payment, else nothing is debited and the answer is 409 `AMOUNT_CHANGED`, or how the payment stands where it is not to be confirmed any more. */
  readonly payAmount: ConfirmedAmount;
  /** The quote that was shown, to insist on it. */
  readonly quoteId?: string;
  /** Each that `requirements.proofs` of the payment names. */
  readonly proofs?: Proofs;
}

export interface ConfirmedAmount {
  /** Alphabetic code of ISO 4217. */
  readonly currency: string;
  /** Minor units, a natural number from 1, as a string. */
  readonly value: string;
  /** May be sent back with the rest. It is for people: it is neither compared nor kept. */
  readonly display?: string;
}

export interface CreateScan {
  /** The code the payer scanned, byte for byte. */
  readonly codeValue: string;
  /** The wallet's id of the payer. */
  readonly customerId: string;
  /** Key-value pairs for the acquirer. */
  readonly passThroughInfo?: string;
  /** When another network is in between. */
  readonly indirectMpp?: IndirectMpp;
}

export interface ExchangeRate {
  readonly quoteCurrencyPair: string;
  /** Exact, as a string. */
  readonly quotePrice: string;
  /** Confirm with it to insist on this rate. */
  readonly quoteId?: string;
}

export interface FieldFault {
  readonly field: string;
  readonly rule: string;
}

export interface Goods {
  readonly name?: string;
  /** How many, as a string. */
  readonly quantity?: string;
  /** Price of one. */
  readonly unitAmount?: StatedAmount;
}

export interface IndirectMpp {
  /** Id of the indirect MPP. */
  readonly indirectMppId: string;
  /** Its legal name. */
  readonly indirectMppName?: string;
}

export interface Merchant {
  readonly name?: string;
  readonly legalName?: string;
  readonly mcc?: string;
  readonly region?: string;
  readonly store?: string;
}

export interface NotificationState {
  readonly status: 'PENDING' | 'DELIVERED' | 'REJECTED' | 'PARKED';
}

export interface Order {
  /** The merchant's id of the order. */
  readonly referenceOrderId?: string;
  readonly orderDescription?: string;
  /** As the merchant stated it. */
  readonly orderAmount?: StatedAmount;
  /** What is bought, as the merchant listed it. */
  readonly goods?: readonly Goods[];
}

export interface PaymentChange {
  /** Absent when the payment became known with it. */
  readonly fromStatus?:
    'AWAITING_CONFIRMATION' | 'HELD' | 'DEBITING' | 'PAID' | 'FAILED' | 'DECLINED' | 'EXPIRED' | 'CANCELLED';
  /** The same as before where only a refund moved. */
  readonly toStatus:
    'AWAITING_CONFIRMATION' | 'HELD' | 'DEBITING' | 'PAID' | 'FAILED' | 'DECLINED' | 'EXPIRED' | 'CANCELLED';
  /** Of a refund: which. */
  readonly refundId?: string;
  readonly at: string;
}

export interface Payment {
  readonly paymentId: string;
  /** Alipay+'s id of the order. */
  readonly paymentRequestId: string;
  readonly status:
    'AWAITING_CONFIRMATION' | 'HELD' | 'DEBITING' | 'PAID' | 'FAILED' | 'DECLINED' | 'EXPIRED' | 'CANCELLED';
  readonly scenario: 'MERCHANT_PRESENTED' | 'CASHIER' | 'OTHER';
  readonly order: Order;
  readonly merchant?: Merchant;
  /** What the payer pays: confirm with this. */
  readonly payAmount?: AmountAnswer;
  /** What the wallet settles. */
  readonly payToAmount?: AmountAnswer;
  /** In the merchant's currency. */
  readonly paymentAmount?: AmountAnswer;
  readonly exchangeRate?: ExchangeRate;
  readonly quoteExpiresAt?: string;
  readonly promotions: readonly Promotion[];
  /** The amount with the surcharge, if there is one. */
  readonly surcharge?: AmountAnswer;
  /** What the order asks for besides its money; absent when nothing. */
  readonly requirements?: Requirements;
  /** When the code was decoded. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Where the payer goes after the result. */
  readonly redirectUrl?: string;
  /** Why the payment is HELD; or, when it FAILED at once, why it can never be paid. */
  readonly heldReason?: string;
  /** What the app does about a payment that cannot be paid; absent while it can be, and once it is. */
  readonly action?:
    'SHOW_CODE_EXPIRED' | 'SHOW_ORDER_CLOSED' | 'CONTACT_SUPPORT' | 'SHOW_NOT_SUPPORTED' | 'HANDLE_BY_SDK';
  /** Why it cannot be paid, for the payer; the texts are in `docs/app-texts.json`. */
  readonly messageKey?:
    | 'payment.expired'
    | 'payment.rate_expired'
    | 'payment.declined'
    | 'payment.cancelled'
    | 'payment.cancelled_after_paid'
    | 'payment.failed'
    | 'payment.faulty'
    | 'payment.not_supported'
    | 'payment.continue_in_sdk';
  /** For the SDK, with HANDLE_BY_SDK. */
  readonly sdkActionPayload?: string;
  /** The final result, as sent to Alipay+. */
  readonly result?: PaymentResult;
  /** When it was paid, as sent to Alipay+. */
  readonly paymentTime?: string;
  readonly notification?: NotificationState;
  /** Money that goes back, the first one first; where payments are read. */
  readonly refunds?: readonly Refund[];
}

export interface PaymentEventData {
  /** Whose payment it is. */
  readonly customerId: string;
  readonly change: PaymentChange;
  /** As it is read, without `sdkActionPayload`. It stands as it did when the event was first sent: it may already show the next change. */
  readonly payment: Payment;
}

export interface PaymentEvent {
  readonly type:
    | 'payment.decoded'
    | 'payment.held'
    | 'payment.released'
    | 'payment.debiting'
    | 'payment.reopened'
    | 'payment.paid'
    | 'payment.failed'
    | 'payment.declined'
    | 'payment.expired'
    | 'payment.cancelled'
    | 'payment.reversed'
    | 'payment.refund_requested'
    | 'payment.refunded'
    | 'payment.refund_refused'
    | 'scan.rejected'
    | 'scan.given_up';
  /** When it happened. */
  readonly timestamp: string;
  readonly data: PaymentEventData;
}

export interface PaymentPage {
  /** The newest first. */
  readonly payments: readonly Payment[];
  /** For `cursor`, with the same filters; absent on the last page. */
  readonly nextCursor?: string;
}

export interface PaymentResult {
  readonly resultStatus: 'S' | 'F';
  readonly resultCode: string;
  readonly resultMessage: string;
}

export interface PaymentsProblem {
  readonly type: string;
  /** For people. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** For people. */
  readonly detail?: string;
  /** Stable: decide by it. */
  readonly code: string;
  /** Name it to support; the log has it too. */
  readonly requestId: string;
  /** Of the trace that the request belongs to, while tracing is on. */
  readonly traceId?: string;
  /** What the app does next. Stable: decide by it. */
  readonly action?: string;
  /** For an app that translates: the key of its text in `docs/app-texts.json`. */
  readonly messageKey?: string;
  /** Every field that breaks a rule. */
  readonly errors?: readonly FieldFault[];
  /** The scan that was refused. */
  readonly scanId?: string;
  /** The payment that it is about. */
  readonly paymentId?: string;
  /** For the SDK, with HANDLE_BY_SDK. */
  readonly sdkActionPayload?: string;
}

export interface Problem {
  readonly type: string;
  /** For people. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** For people. */
  readonly detail?: string;
  /** Stable: decide by it. */
  readonly code: string;
  /** Name it to support; the log has it too. */
  readonly requestId: string;
  /** Of the trace that the request belongs to, while tracing is on. */
  readonly traceId?: string;
  /** What the app does next. Stable: decide by it. */
  readonly action?: string;
  /** For an app that translates: the key of its text in `docs/app-texts.json`. */
  readonly messageKey?: string;
  /** Every field that breaks a rule. */
  readonly errors?: readonly FieldFault[];
}

export interface Promotion {
  readonly promoId?: string;
  readonly promoName?: string;
  readonly promoType?: string;
  readonly savingsAmount?: StatedAmount;
}

export interface Proofs {
  /** The one-time password the payer typed. */
  readonly otp?: string;
  /** The reference of the compliance check. */
  readonly compliance?: string;
  /** The reference of the payer's consent. */
  readonly consent?: string;
}

export interface Refund {
  readonly refundId: string;
  /** REFUNDED: the money is back. Otherwise it is on its way. */
  readonly status: 'REQUESTED' | 'IN_DOUBT' | 'REFUNDED';
  /** What the payer gets back. */
  readonly amount?: AmountAnswer;
  /** In the merchant's currency. */
  readonly refundAmount?: AmountAnswer;
  readonly requestedAt: string;
  /** When the money was back, as sent to Alipay+. */
  readonly refundTime?: string;
}

export interface RefusedScan {
  readonly scanId: string;
  readonly status: 'PENDING' | 'DECODED' | 'REJECTED' | 'GIVEN_UP';
  readonly createdAt: string;
  readonly code: string;
  readonly action: string;
  /** A text of docs/app-texts.json. */
  readonly messageKey: string;
}

export interface Requirements {
  /** Flags of the answer that are raised. */
  readonly flags: readonly ('needOtpVerification' | 'needCheckCompliance' | 'isAuthorizationAndPay')[];
  /** A confirm has to bring each in `proofs`. */
  readonly proofs: readonly ('otp' | 'compliance' | 'consent')[];
  /** What the payer is asked to authorise. */
  readonly authorizationInfo?: AuthorizationInfo;
  /** Key-value pairs from the acquirer, as they came. */
  readonly passThroughInfo?: string;
}

export interface ScanDecoded {
  readonly scanId: string;
  readonly status: 'DECODED';
  readonly payment: Payment;
}

export interface ScanEventData {
  /** Who scanned. */
  readonly customerId: string;
  readonly scan: RefusedScan;
}

export interface ScanEvent {
  readonly type:
    | 'payment.decoded'
    | 'payment.held'
    | 'payment.released'
    | 'payment.debiting'
    | 'payment.reopened'
    | 'payment.paid'
    | 'payment.failed'
    | 'payment.declined'
    | 'payment.expired'
    | 'payment.cancelled'
    | 'payment.reversed'
    | 'payment.refund_requested'
    | 'payment.refunded'
    | 'payment.refund_refused'
    | 'scan.rejected'
    | 'scan.given_up';
  /** When it happened. */
  readonly timestamp: string;
  readonly data: ScanEventData;
}

export interface ScanPending {
  readonly scanId: string;
  readonly status: 'PENDING';
  /** When Alipay+ is asked again. */
  readonly nextAttemptAt: string;
  /** When the scan ends if Alipay+ has not answered. */
  readonly givesUpAt: string;
}

export interface StatedAmount {
  /** Alphabetic code of ISO 4217. */
  readonly currency: string;
  /** Minor units, as a string. */
  readonly value: string;
  /** For people; absent when nobody can tell its unit. */
  readonly display?: string;
}

/** What an app does next: every action that the description has. */
export type Action =
  | 'ASK_PROOF'
  | 'CONTACT_SUPPORT'
  | 'FIX_REQUEST'
  | 'HANDLE_BY_SDK'
  | 'RETRY'
  | 'SHOW_AGAIN'
  | 'SHOW_CODE_EXPIRED'
  | 'SHOW_CODE_INVALID'
  | 'SHOW_CODE_IN_USE'
  | 'SHOW_LIMIT_EXCEEDED'
  | 'SHOW_NOT_SUPPORTED'
  | 'SHOW_ORDER_CLOSED'
  | 'SHOW_PAYMENT'
  | 'SIGN_IN'
  | 'TOP_UP'
  | 'TRY_AGAIN';

/** The body of each event by its type. */
export interface EventBodies {
  'payment.decoded': PaymentEvent;
  'payment.held': PaymentEvent;
  'payment.released': PaymentEvent;
  'payment.debiting': PaymentEvent;
  'payment.reopened': PaymentEvent;
  'payment.paid': PaymentEvent;
  'payment.failed': PaymentEvent;
  'payment.declined': PaymentEvent;
  'payment.expired': PaymentEvent;
  'payment.cancelled': PaymentEvent;
  'payment.reversed': PaymentEvent;
  'payment.refund_requested': PaymentEvent;
  'payment.refunded': PaymentEvent;
  'payment.refund_refused': PaymentEvent;
  'scan.rejected': ScanEvent;
  'scan.given_up': ScanEvent;
}

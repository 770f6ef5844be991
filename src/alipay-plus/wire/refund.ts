import { Amount, Quote } from './amount.js';
import { Result } from './result.js';
import { datetime, text } from './scalars.js';
import { object, Optional, Required, UNCONDITIONAL, whole } from './wire-field.js';
import type { Id } from '../../platform/id.js';

/** What of a surcharge goes back. API page refund, request: surchargeInfo. */
export class RefundSurchargeInfo {
  /** All that goes back to the payer, surcharge included; refundFromAmount stays what is settled. */
  @Optional(whole(Amount), UNCONDITIONAL)
  readonly surchargeAmount?: Amount;

  /** The rate between refundAmount and surchargeAmount. */
  @Optional(whole(Quote), UNCONDITIONAL)
  readonly surchargeQuote?: Quote;
}

/** Alipay+ asks for money to be given back, in whole or in part. API page refund, request. */
export class RefundRequest {
  /** The acquirer's id, given by Alipay+. */
  @Required(text(64))
  readonly acquirerId?: string;

  /** Our own id as a wallet, given by Alipay+. */
  @Required(text(64))
  readonly pspId?: string;

  /** The id of the payment order at Alipay+. */
  @Required(text(64))
  readonly paymentRequestId!: Id<'PaymentRequestId'>;

  /** Our id of the payment, as we sent it. */
  @Required(text(64))
  readonly paymentId?: Id<'PaymentId'>;

  /** The key a repetition is recognised by. */
  @Required(text(64))
  readonly refundRequestId!: string;

  /** In the currency of the order. */
  @Required(whole(Amount))
  readonly refundAmount!: Amount;

  /** In our currency. */
  @Optional(whole(Amount), 'if payToAmount and paymentAmount differ in currency')
  readonly refundFromAmount?: Amount;

  /** The rate between the two: the one of the payment. */
  @Optional(whole(Quote), 'with refundFromAmount in another currency')
  readonly refundQuote?: Quote;

  /** What goes back to the payer of an order with a surcharge. */
  @Optional(object(RefundSurchargeInfo), 'of an order with a surcharge')
  readonly surchargeInfo?: RefundSurchargeInfo;
}

const WITH_REFUND = 'with resultStatus S';

/** What became of a refund. API page refund, response. */
export class RefundResponse {
  /** S when the money is with the payer again, F when it is not and never will be, U while unknown. */
  @Required(object(Result))
  readonly result!: Result;

  /** Our id of the refund. */
  @Optional(text(64), WITH_REFUND)
  readonly refundId?: Id<'RefundKey'>;

  /** When the money went back. */
  @Optional(datetime(), WITH_REFUND)
  readonly refundTime?: string;
}

/** Alipay+ asks how a refund stands; read like inquiryPayment, since no page of it is public. API page inquiryRefund, request. */
export class InquiryRefundRequest {
  /** The acquirer's id, given by Alipay+. */
  @Required(text(64))
  readonly acquirerId?: string;

  /** Our own id as a wallet, given by Alipay+. */
  @Required(text(64))
  readonly pspId?: string;

  /** The id of the refund at Alipay+. */
  @Required(text(64))
  readonly refundRequestId!: string;
}

/** How a refund stands. API page inquiryRefund, response. */
export class InquiryRefundResponse {
  /** Whether the question could be answered; F ORDER_NOT_EXIST for a refund we never saw. */
  @Required(object(Result))
  readonly result!: Result;

  /** How the refund stands. */
  @Optional(object(Result), 'with result S')
  readonly refundResult?: Result;

  /** Our id of the refund. */
  @Optional(text(64), 'with refundResult S')
  readonly refundId?: Id<'RefundKey'>;

  /** When the money went back; the same text as in the answer to refund. */
  @Optional(datetime(), 'with refundResult S')
  readonly refundTime?: string;

  /** As it was asked for. */
  @Optional(whole(Amount), 'with refundResult S')
  readonly refundAmount?: Amount;

  /** As it was asked for. */
  @Optional(whole(Amount), 'with refundResult S, if it was given')
  readonly refundFromAmount?: Amount;
}

import { Amount } from './amount.js';
import { Result } from './result.js';
import { datetime, text } from './scalars.js';
import { object, Optional, Required, whole } from './wire-field.js';
import type { Id } from '../../platform/id.js';

/** Alipay+ asks how a payment stands. API page inquiryPayment, request. */
export class InquiryPaymentRequest {
  /** The acquirer's id, given by Alipay+. */
  @Required(text(64))
  readonly acquirerId?: string;

  /** Our own id as a wallet, given by Alipay+. */
  @Required(text(64))
  readonly pspId?: string;

  /** The id of the payment order at Alipay+. */
  @Required(text(64))
  readonly paymentRequestId!: Id<'PaymentRequestId'>;
}

const WITH_PAID = 'with paymentResult S';

/** How a payment stands. API page inquiryPayment, response. */
export class InquiryPaymentResponse {
  /** Whether the question could be answered; F ORDER_NOT_EXIST for an order we never saw. */
  @Required(object(Result))
  readonly result!: Result;

  /** How the payment stands. */
  @Optional(object(Result), 'with result S')
  readonly paymentResult?: Result;

  /** Our id of the payment. */
  @Optional(text(64), WITH_PAID)
  readonly paymentId?: Id<'PaymentId'>;

  /** When the payment was completed; the same text as in the notification. */
  @Optional(datetime(), WITH_PAID)
  readonly paymentTime?: string;

  /** As decoded. */
  @Optional(whole(Amount), WITH_PAID)
  readonly paymentAmount?: Amount;

  /** As decoded. */
  @Optional(whole(Amount), 'with paymentResult S, if its currency differs from paymentAmount')
  readonly payToAmount?: Amount;

  /** Our id of the payer. */
  @Optional(text(64), WITH_PAID)
  readonly customerId?: Id<'CustomerId'>;
}

import { Amount } from './amount.js';
import { Result } from './result.js';
import { datetime, text } from './scalars.js';
import { object, Optional, Required, UNCONDITIONAL, whole } from './wire-field.js';
import type { Id } from '../../platform/id.js';

/**
 * Sends Alipay+ the final result of a payment. A repetition is held against paymentResult, paymentId, paymentAmount,
 * payToAmount, customerId and customsDeclarationAmount, so that it has to be the same bytes. API page notifyPayment.
 */
export class NotifyPaymentRequest {
  /** S or F; an unfinished payment is not notified. */
  @Required(object(Result))
  readonly paymentResult!: Result;

  /** The id of the payment order at Alipay+: the key a repetition is recognised by. */
  @Required(text(64))
  readonly paymentRequestId!: Id<'PaymentRequestId'>;

  /** Our id of the payment. */
  @Optional(text(64), 'with S; otherwise optional')
  readonly paymentId?: Id<'PaymentId'>;

  /** When the payment was completed. */
  @Optional(datetime(), 'with S')
  readonly paymentTime?: string;

  /** As decoded. */
  @Optional(whole(Amount), 'with S; otherwise if known')
  readonly paymentAmount?: Amount;

  /** As decoded. */
  @Optional(whole(Amount), 'with S, if its currency differs from paymentAmount')
  readonly payToAmount?: Amount;

  /** Our id of the payer, the same as at the decode. */
  @Optional(text(64), UNCONDITIONAL)
  readonly customerId?: Id<'CustomerId'>;

  /** What was declared to customs. */
  @Optional(whole(Amount), 'if something was declared')
  readonly customsDeclarationAmount?: Amount;

  /** Key-value pairs for the acquirer. */
  @Optional(text(20000), 'if there is something to pass to the acquirer')
  readonly passThroughInfo?: string;
}

import { text } from './scalars.js';
import { Required } from './wire-field.js';

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
  readonly paymentRequestId!: string;
}

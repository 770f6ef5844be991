import { text } from './scalars.js';
import { Required } from './wire-field.js';
import type { Id } from '../../platform/id.js';

/** Alipay+ closes an order; what was paid has to go back. API page cancelPayment, request. */
export class CancelPaymentRequest {
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

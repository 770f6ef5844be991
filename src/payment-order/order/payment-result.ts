import type { Money } from './money.js';
import type { CustomerId, PaymentId, PaymentRequestId } from './ids.js';

/** The final result as it is sent to Alipay+: `S` or `F`, never `U`. */
export interface PaymentResult {
  readonly resultStatus: 'S' | 'F';
  readonly resultCode: string;
  readonly resultMessage: string;
}

/** Fixed words: they take part in Alipay+'s comparison of a repeated notification. */
export const PAID: PaymentResult = {
  resultStatus: 'S',
  resultCode: 'SUCCESS',
  resultMessage: 'success',
};

/** Our code for an order that can never be paid; the network names none for it. */
export const UNPAYABLE: PaymentResult = {
  resultStatus: 'F',
  resultCode: 'PROCESS_FAIL',
  resultMessage: 'the order cannot be paid',
};

/** An order that ended unpaid because it was declined, ran out of time or was cancelled. */
export function closed(why: 'DECLINED' | 'EXPIRED' | 'CANCELLED'): PaymentResult {
  const messages = {
    DECLINED: 'the payer declined',
    EXPIRED: 'expired without payment',
    CANCELLED: 'order has been cancelled',
  };
  return { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: messages[why] };
}

/** Everything a notification says; fixed the moment the order becomes final. */
export interface ResultMessage {
  readonly paymentResult: PaymentResult;
  readonly paymentRequestId: PaymentRequestId;
  readonly paymentId: PaymentId;
  /** ISO 8601 with offset; present when the payer paid. */
  readonly paymentTime?: string;
  readonly paymentAmount?: Money;
  readonly payToAmount?: Money;
  readonly customerId: CustomerId;
}

/**
 * Writes the bytes that will be posted to Alipay+. A port, because the words on the wire belong to the Alipay+ adapter
 * and the core may not know it; the application binds the two together.
 */
export abstract class ResultMessageWriter {
  abstract write(message: ResultMessage): Buffer;
}

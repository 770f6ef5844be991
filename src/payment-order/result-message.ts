import type { Money } from './money.js';
import type { PaymentResult } from './payment-order.js';

/** Everything a notification says; fixed the moment the order becomes final. */
export interface ResultMessage {
  readonly paymentResult: PaymentResult;
  readonly paymentRequestId: string;
  readonly paymentId: string;
  /** ISO 8601 with offset; present when the payer paid. */
  readonly paymentTime?: string;
  readonly paymentAmount?: Money;
  readonly payToAmount?: Money;
  readonly customerId: string;
}

/**
 * Writes the bytes that will be posted to Alipay+. A port, because the words on the wire belong to the Alipay+ adapter
 * and the core may not know it; the application binds the two together.
 */
export abstract class ResultMessageWriter {
  abstract write(message: ResultMessage): Buffer;
}

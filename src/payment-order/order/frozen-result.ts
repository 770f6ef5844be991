import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PaymentOrder } from './payment-order.js';
import { ResultMessageWriter, type PaymentResult } from './payment-result.js';

export interface FrozenMessage {
  readonly body: Buffer;
  readonly sha256: Buffer;
}

/**
 * Makes the bytes of a notification once, to be committed with the final state. Alipay+ compares a repeated
 * notification with the first, so the bytes are kept and sent again, never written again.
 */
@Injectable()
export class FrozenResult {
  constructor(private readonly writer: ResultMessageWriter) {}

  messageOf(order: PaymentOrder, paymentResult: PaymentResult, paymentTime?: string): FrozenMessage {
    const body = this.writer.write({
      paymentResult,
      paymentRequestId: order.paymentRequestId,
      paymentId: order.paymentId,
      customerId: order.customerId,
      ...(paymentTime === undefined ? {} : { paymentTime }),
      ...(order.paymentAmount === undefined ? {} : { paymentAmount: order.paymentAmount }),
      ...(order.payToAmount === undefined ? {} : { payToAmount: order.payToAmount }),
    });
    return { body, sha256: hash('sha256', body, 'buffer') };
  }
}

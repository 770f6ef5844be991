import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { placeOf, type SealedColumn } from '../../platform/sealing/sealed-column.js';
import { Sealing } from '../../platform/sealing/sealing.js';
import type { PaymentOrder } from './payment-order.js';
import { ResultMessageWriter, type PaymentResult } from './payment-result.js';

/** The bytes are kept sealed. */
export const NOTIFY_BODY = {
  table: 'notification',
  column: 'body',
  id: 'payment_id',
  idType: 'uuid',
  key: ['payment_id'],
} as const satisfies SealedColumn;

export interface FrozenMessage {
  /** As it is kept. */
  readonly body: Buffer;
  /** Of what is sent. */
  readonly sha256: Buffer;
}

/**
 * Makes the bytes of a notification once, to be committed with the final state. Alipay+ compares a repeated
 * notification with the first, so the bytes are kept and sent again, never written again.
 */
@Injectable()
export class FrozenResult {
  constructor(
    private readonly writer: ResultMessageWriter,
    private readonly sealing: Sealing,
  ) {}

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
    const sha256 = hash('sha256', body, 'buffer');
    return { body: this.sealing.seal(placeOf(NOTIFY_BODY, [order.paymentId]), body), sha256 };
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { FrozenResult } from '../order/frozen-result.js';
import type { PaymentOrder } from '../order/payment-order.js';
import { toPaymentOrder, type OrderRow } from '../order/payment-order.row.js';
import { UNPAID_ORIGINS } from '../order/payment-order.store.js';
import { closed } from '../order/payment-result.js';
import type { AxesStanding } from '../order/payment-status.js';
import * as sql from './operator-act.sql.js';
import type { ActOutcome, OperatorAction } from './operator-action.js';
import type { PaymentId } from '../order/ids.js';

/** Who acts, and why. */
export type Answerable = Pick<OperatorAction, 'actor' | 'reason'>;

export interface ActEnd {
  readonly outcome: ActOutcome;
  /** Present exactly when nothing was changed. */
  readonly why?: string;
  readonly before: AxesStanding;
  readonly after?: AxesStanding;
}

/**
 * What operators do to payments. Every act is one conditional statement that also writes down who did it and why;
 * undefined when the payment was not in a state for it; then nothing was moved and nothing written.
 */
@Injectable()
export class OperatorActStore {
  constructor(
    private readonly database: Database,
    private readonly frozen: FrozenResult,
  ) {}

  /** Ends an unpaid order; Alipay+ is notified, as at every end. */
  async close(order: PaymentOrder, { actor, reason }: Answerable): Promise<PaymentOrder | undefined> {
    // In the same words as an order that Alipay+ cancels: a cancel may cross this, and both have to say one thing.
    const result = closed('CANCELLED');
    const message = this.frozen.messageOf(order, result);
    const [row] = await this.database.run<OrderRow>(sql.ACT_CLOSE, [
      order.paymentId,
      'CANCELLED',
      'CANCELLED',
      UNPAID_ORIGINS.CANCELLED,
      result.resultCode,
      result.resultMessage,
      actor,
      order.notifyUrl,
      message.body,
      message.sha256,
      reason,
    ]);
    return row && toPaymentOrder(row, this.database.sealing);
  }

  /** @param heldReason what was judged; an order that is now held for another reason stays held */
  async release(
    paymentId: PaymentId,
    heldReason: string,
    { actor, reason }: Answerable,
  ): Promise<PaymentOrder | undefined> {
    const [row] = await this.database.run<OrderRow>(sql.ACT_RELEASE, [paymentId, heldReason, actor, reason]);
    return row && toPaymentOrder(row, this.database.sealing);
  }

  /** @returns the debit that is due now */
  async askNow(paymentId: PaymentId, { actor, reason }: Answerable): Promise<string | undefined> {
    const [row] = await this.database.run<{ id: string }>(sql.ACT_ASK, [paymentId, actor, reason]);
    return row?.id;
  }

  async record(action: OperatorAction, end: ActEnd): Promise<void> {
    await this.database.run(sql.RECORD_ACT, [
      action.paymentId,
      action.actor,
      action.act,
      action.reason,
      end.outcome,
      end.why ?? null,
      JSON.stringify(end.before),
      end.after === undefined ? null : JSON.stringify(end.after),
    ]);
  }
}

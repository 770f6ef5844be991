import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { mustAskLedger, type PaymentOrder } from '../order/payment-order.js';
import { toPaymentOrder, type OrderRow } from '../order/payment-order.row.js';
import { PaymentOrderStore } from '../order/payment-order.store.js';
import { closed } from '../order/payment-result.js';
import type { DueRow } from '../order/work.js';
import * as sql from './cancel.sql.js';
import type { PaymentRequestId } from '../order/ids.js';

/** Who cancels, as Alipay+ named itself; only `paymentRequestId` decides anything. */
export interface CancelInput {
  readonly paymentRequestId: PaymentRequestId;
  readonly acquirerId?: string;
  readonly pspId?: string;
}

export interface CancelEnd {
  /** Absent when there is no such order; the tombstone is kept all the same. */
  readonly order?: PaymentOrder;
  /** Set when the order ended just now, so that Alipay+ has to be notified. */
  readonly closedNow?: boolean;
  /** Set when money has to be given back. */
  readonly reversal?: DueRow;
}

/** How often a cancel tries again after another move of the order came first. */
const TRIES = 5;

/**
 * Cancels, whatever the order's state. The tombstone is committed first and stays for ever; then the order, if there
 * is one, is marked, and from that moment nothing can confirm it or settle it as paid.
 */
@Injectable()
export class CancelStore {
  constructor(
    private readonly database: Database,
    private readonly orders: PaymentOrderStore,
  ) {}

  async cancel(request: CancelInput): Promise<CancelEnd> {
    const id = request.paymentRequestId;
    await this.database.run(sql.BURY, [id, request.acquirerId ?? null, request.pspId ?? null]);
    await this.database.run(sql.AWAIT_INSERTS, [id]);
    for (let attempt = 1; ; attempt += 1) {
      const [row] = await this.database.run<OrderRow>(sql.MARK, [id]);
      if (!row) return {};
      const order = toPaymentOrder(row, this.database.sealing);
      const end = await this.finish(order);
      if (end || attempt === TRIES) return end ?? { order };
    }
  }

  /** Undefined when the order was moved between the mark and this statement. */
  private async finish(order: PaymentOrder): Promise<CancelEnd | undefined> {
    switch (order.status) {
      case 'AWAITING_CONFIRMATION':
      case 'HELD': {
        // The ledger has to be asked first; its answer is then settled under the mark.
        if (mustAskLedger(order)) return { order };
        const cancelled = await this.orders.cancelUnpaid(order);
        return cancelled && { order: cancelled, closedNow: true };
      }
      case 'PAID': {
        const { resultCode, resultMessage } = closed('CANCELLED');
        const [reversal] = await this.database.run<DueRow>(sql.UNDO_PAID, [
          order.paymentId,
          resultCode,
          resultMessage,
        ]);
        return reversal && { order, reversal };
      }
      // Remembered by the mark: it wins when the debit settles.
      case 'DEBITING':
      case 'FAILED':
      case 'DECLINED':
      case 'EXPIRED':
      case 'CANCELLED':
        return { order };
    }
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { PaymentOrder } from '../order/payment-order.js';
import { toPaymentOrder, type OrderRow } from '../order/payment-order.row.js';
import * as sql from './cancel.sql.js';
import type { PaymentRequestId } from '../order/ids.js';

/** What we know of an id; `cancelled` means that it was cancelled and that no order of it was or can be paid. */
export type Standing =
  | { readonly known: 'order'; readonly order: PaymentOrder }
  | { readonly known: 'cancelled' }
  | { readonly known: 'nothing' }
  /** Lost with our records, and perhaps paid. */
  | { readonly known: 'to the ledger' };

/** Answers from committed rows only: `ORDER_NOT_EXIST` reads as never paid, so it may never come from a cache. */
@Injectable()
export class InquiryStore {
  constructor(private readonly database: Database) {}

  async standing(paymentRequestId: PaymentRequestId): Promise<Standing> {
    const [row] = await this.database.run<OrderRow>(sql.INQUIRE, [paymentRequestId]);
    if (row) {
      const order = toPaymentOrder(row, this.database.sealing);
      return isDoomed(order) ? { known: 'cancelled' } : { known: 'order', order };
    }
    const [buried] = await this.database.run(sql.IS_BURIED, [paymentRequestId]);
    return buried ? { known: 'cancelled' } : { known: 'nothing' };
  }
}

/**
 * Cancelled and not closed yet, because its order came after the cancel or the cancel died half-way. It can never be
 * confirmed, and an inquiry may have been answered so: what was once answered as final must not be in process again.
 */
function isDoomed({ status, cancelRequestedAt, askLedger }: PaymentOrder): boolean {
  if (cancelRequestedAt === undefined) return false;
  // On its way from open to cancelled, while the ledger is asked.
  if (status === 'DEBITING') return askLedger;
  return status === 'AWAITING_CONFIRMATION' || status === 'HELD';
}

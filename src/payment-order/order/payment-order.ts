import type { FieldsOf } from '../../platform/database/columns.js';
import type { Money } from './money.js';
import type { OrderContent } from './order-content.js';
import type { DecodedProperty, PlainProperty } from './payment-order.columns.js';
import type { PaymentOrderEntity } from './payment-order.entity.js';
import type { PaymentResult } from './payment-result.js';
import type { NotificationStatus } from './payment-status.js';
import type { RefundKey } from './ids.js';

interface OrderAmounts {
  readonly paymentAmount?: Money;
  /** Settlement: what the wallet owes Alipay+. */
  readonly payToAmount?: Money;
  /** What the payer pays: the surcharged amount where there is one, else `payToAmount`. */
  readonly payAmount?: Money;
}

/** What an accepted answer says about an order, ready to be kept. */
export interface DecodedOrder extends FieldsOf<Pick<PaymentOrderEntity, DecodedProperty>>, OrderAmounts {
  readonly expiresAt?: Date;
  readonly content: OrderContent;
}

/** Money that was given back, or is requested back, as shown with the order; refused refunds are left out. */
export interface OrderRefund {
  readonly refundId: RefundKey;
  readonly status: 'REQUESTED' | 'REFUNDED' | 'IN_DOUBT';
  /** What goes back to the payer. */
  readonly backAmount?: Money;
  /** In the currency of the order. */
  readonly refundAmount?: Money;
  /** ISO 8601 with offset, as it was sent to Alipay+. */
  readonly refundTime?: string;
  readonly requestedAt: Date;
}

/** A payment order as kept; absent amounts only ever on an order that was held. */
export interface PaymentOrder extends FieldsOf<Pick<PaymentOrderEntity, PlainProperty>>, OrderAmounts {
  readonly content: OrderContent;
  readonly result?: PaymentResult;
  /** Absent until the order is final. */
  readonly notificationStatus?: NotificationStatus;
  /** The oldest first; absent where they were not read. */
  readonly refunds?: readonly OrderRefund[];
  /** The database's clock when this was read: deadlines are held against it, not against ours. */
  readonly readAt: Date;
}

/** Whether it may have been paid in records that are lost, so that the ledger is asked before it ends unpaid. */
export function mustAskLedger({ askLedger, status }: Pick<PaymentOrder, 'askLedger' | 'status'>): boolean {
  return askLedger && status === 'AWAITING_CONFIRMATION';
}

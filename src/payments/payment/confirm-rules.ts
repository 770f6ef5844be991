import { sameMoney, type Money } from '../../payment-order/order/money.js';
import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import type { PaymentsProblemCode } from '../payments.problems.js';

/** What the payer saw when they said yes. */
export interface Shown {
  readonly payAmount: Money;
  readonly quoteId?: string;
}

/**
 * Why this confirm cannot go ahead, judged on the order as read and by the database's clock of that moment. The
 * statement that moves the order checks the same again, so that nothing can slip in between.
 */
export function obstacleToConfirm(order: PaymentOrder, shown: Shown): PaymentsProblemCode | undefined {
  switch (order.status) {
    case 'HELD':
      return 'ORDER_HELD';
    case 'EXPIRED':
      return 'ORDER_EXPIRED';
    case 'DECLINED':
    case 'CANCELLED':
      return 'ORDER_IS_CLOSED';
    case 'AWAITING_CONFIRMATION':
      return differs(order, shown) ? 'AMOUNT_CHANGED' : pastOf(order);
    case 'FAILED':
      // Never payable, and ended before anybody could confirm.
      if (order.heldReason !== undefined) return 'ORDER_IS_CLOSED';
      return differs(order, shown) ? 'AMOUNT_CHANGED' : undefined;
    case 'DEBITING':
    case 'PAID':
      return differs(order, shown) ? 'AMOUNT_CHANGED' : undefined;
  }
}

function differs(order: PaymentOrder, shown: Shown): boolean {
  if (!order.payAmount || !sameMoney(order.payAmount, shown.payAmount)) return true;
  return shown.quoteId !== undefined && shown.quoteId !== order.quoteId;
}

function pastOf(order: PaymentOrder): PaymentsProblemCode | undefined {
  if (order.cancelRequestedAt) return 'ORDER_IS_CLOSED';
  if (order.expiresAt <= order.readAt) return 'ORDER_EXPIRED';
  if (order.quoteExpiresAt && order.quoteExpiresAt <= order.readAt) return 'QUOTE_EXPIRED';
  return undefined;
}

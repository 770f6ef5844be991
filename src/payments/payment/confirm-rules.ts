import { sameMoney, type Money } from '../../payment-order/order/money.js';
import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import type { PaymentStatus } from '../../payment-order/order/payment-status.js';
import { missingProofs, type Proofs } from '../../payment-order/order/requirements.js';
import type { PaymentsProblemCode } from '../payments.problems.js';
import { standingKey, type StandingKey } from './payment-standing.js';

/** What the payer saw when they said yes. */
export interface Shown {
  readonly payAmount: Money;
  readonly quoteId?: string;
  readonly proofs?: Proofs;
}

/**
 * Why this confirm cannot go ahead, judged on the order as read and by the database's clock of that moment. The
 * statement that moves the order checks the same again, so that nothing can slip in between.
 */
export function obstacleToConfirm(order: PaymentOrder, shown: Shown): PaymentsProblemCode | undefined {
  const over = OVER[order.status];
  if (over) return over;
  // Never payable, and ended before anybody could confirm.
  if (order.status === 'FAILED' && order.heldReason !== undefined) return 'ORDER_IS_CLOSED';
  if (order.status === 'AWAITING_CONFIRMATION')
    return pastOf(order) ?? (differs(order, shown) ? 'AMOUNT_CHANGED' : unproved(order, shown));
  // It is paid, being paid or refused: not a payer's to confirm once more, whatever they were shown.
  return differs(order, shown) ? 'ORDER_IS_CLOSED' : undefined;
}

/** Where nothing else counts; a confirm of any other status is the first or a repetition. */
const OVER: Readonly<Partial<Record<PaymentStatus, PaymentsProblemCode>>> = {
  HELD: 'ORDER_HELD',
  EXPIRED: 'ORDER_EXPIRED',
  DECLINED: 'ORDER_IS_CLOSED',
  CANCELLED: 'ORDER_IS_CLOSED',
};

function differs(order: PaymentOrder, shown: Shown): boolean {
  if (!order.payAmount || !sameMoney(order.payAmount, shown.payAmount)) return true;
  return shown.quoteId !== undefined && shown.quoteId !== order.quoteId;
}

function unproved({ content }: PaymentOrder, { proofs = {} }: Shown): PaymentsProblemCode | undefined {
  return missingProofs(content.requirements, proofs).length > 0 ? 'PROOF_REQUIRED' : undefined;
}

/** What an order that waits to be confirmed has run out of. */
export function pastOf(order: PaymentOrder): PaymentsProblemCode | undefined {
  const key = standingKey(order);
  return key && (PAST[key] ?? 'ORDER_IS_CLOSED');
}

const PAST: Readonly<Partial<Record<StandingKey, PaymentsProblemCode>>> = {
  'payment.expired': 'ORDER_EXPIRED',
  'payment.rate_expired': 'QUOTE_EXPIRED',
};

import type { DebitSnapshot, PaymentSnapshot } from '../snapshot/payment-snapshot.js';

/** All of these by the database's clock, at the moment the payment was read. */

export function isOver({ order, readAt }: PaymentSnapshot): boolean {
  return order.expiresAt <= readAt;
}

export function isQuoteDead({ order, readAt }: PaymentSnapshot): boolean {
  return order.quoteExpiresAt !== undefined && order.quoteExpiresAt <= readAt;
}

/** Somebody works on it now. */
export function isInHand(
  { readAt }: PaymentSnapshot,
  { leaseUntil }: Pick<DebitSnapshot, 'leaseUntil'>,
): boolean {
  return leaseUntil !== undefined && leaseUntil > readAt;
}

/** Alipay+ has closed the day of this debit. */
export function isWindowOver(
  { readAt }: PaymentSnapshot,
  { windowEndsAt }: Pick<DebitSnapshot, 'windowEndsAt'>,
): boolean {
  return windowEndsAt <= readAt;
}

/** Until when the payer can confirm: the order and its exchange rate have to live. */
export function confirmableUntil({ order }: PaymentSnapshot): Date {
  const { expiresAt, quoteExpiresAt } = order;
  return quoteExpiresAt && quoteExpiresAt < expiresAt ? quoteExpiresAt : expiresAt;
}

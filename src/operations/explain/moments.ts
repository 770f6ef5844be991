import type { DebitSnapshot, PaymentSnapshot } from '../snapshot/payment-snapshot.js';

/** All of these by the database's clock, at the moment the payment was read. */

export function isOver({ order, readAt }: PaymentSnapshot): boolean {
  return order.expiresAt <= readAt;
}

export function isQuoteDead({ order, readAt }: PaymentSnapshot): boolean {
  return order.quoteExpiresAt !== undefined && order.quoteExpiresAt <= readAt;
}

/** A worker has claimed it and is working on it. */
export function isInHand(
  { readAt }: PaymentSnapshot,
  { leaseUntil }: Pick<DebitSnapshot, 'leaseUntil'>,
): boolean {
  return leaseUntil !== undefined && leaseUntil > readAt;
}

/** Alipay+ has closed its day for this debit. */
export function isWindowOver(
  { readAt }: PaymentSnapshot,
  { windowEndsAt }: Pick<DebitSnapshot, 'windowEndsAt'>,
): boolean {
  return windowEndsAt <= readAt;
}

/** The last moment at which the payer can confirm: the order and its exchange rate must be valid. */
export function confirmableUntil({ order }: PaymentSnapshot): Date {
  const { expiresAt, quoteExpiresAt } = order;
  return quoteExpiresAt && quoteExpiresAt < expiresAt ? quoteExpiresAt : expiresAt;
}

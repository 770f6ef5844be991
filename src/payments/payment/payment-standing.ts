import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import type { PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { PayerMessageKey } from '../payer-advice.js';

/** What decides the text of a payment that cannot be paid. */
export const STANDING_KEYS = [
  'payment.expired',
  'payment.rate_expired',
  'payment.declined',
  'payment.cancelled',
  'payment.cancelled_after_paid',
  'payment.failed',
  'payment.faulty',
  'payment.not_supported',
  'payment.continue_in_sdk',
] as const satisfies readonly PayerMessageKey[];
export type StandingKey = (typeof STANDING_KEYS)[number];

type KeyOf = (order: PaymentOrder) => StandingKey | undefined;

const KEY_OF: Readonly<Record<PaymentStatus, KeyOf>> = {
  AWAITING_CONFIRMATION: outOfTime,
  HELD: heldKey,
  DEBITING: () => undefined,
  PAID: () => undefined,
  // Refused by the ledger, or never payable by anybody.
  FAILED: (order) => (order.heldReason === undefined ? 'payment.failed' : heldKey(order)),
  DECLINED: () => 'payment.declined',
  EXPIRED: () => 'payment.expired',
  CANCELLED: ({ paymentTime }) =>
    paymentTime === undefined ? 'payment.cancelled' : 'payment.cancelled_after_paid',
};

/** Why this payment cannot be paid, for its payer; undefined while it can be, is being paid or is paid. */
export function standingKey(order: PaymentOrder): StandingKey | undefined {
  return KEY_OF[order.status](order);
}

/** What an order that nobody has paid ran out of, by the database's clock of the moment it was read. */
function outOfTime(order: PaymentOrder): StandingKey | undefined {
  if (order.cancelRequestedAt) return 'payment.cancelled';
  if (order.expiresAt <= order.readAt) return 'payment.expired';
  if (order.quoteExpiresAt && order.quoteExpiresAt <= order.readAt) return 'payment.rate_expired';
  return undefined;
}

/** What the SDK needs; only while the order is held for it. */
export function sdkPayload({ status, content, heldReason }: PaymentOrder): string | undefined {
  return status === 'HELD' && heldReason === 'HANDLE_BY_SDK' ? content.sdkActionPayload : undefined;
}

function heldKey(order: PaymentOrder): StandingKey {
  if (sdkPayload(order) !== undefined) return 'payment.continue_in_sdk';
  const { heldReason } = order;
  // A faulty answer is nothing the wallet lacks: another code may help, and support can tell.
  const isFaulty = heldReason === 'HANDLE_BY_SDK' || heldReason?.startsWith('NOT_PAYABLE') === true;
  return isFaulty ? 'payment.faulty' : 'payment.not_supported';
}

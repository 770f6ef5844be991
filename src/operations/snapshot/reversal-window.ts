import type { DebitSnapshot, PaymentSnapshot } from './payment-snapshot.js';

/** What must happen before Alipay+ closes its day, at 00:30 UTC+8 on the day after the debit. */
export interface ReversalWindow {
  /** By when the money must be back with the payer. */
  readonly reversalDueAt?: Date;
  /** By when Alipay+ must cancel, because it refused the result that the order is paid. */
  readonly cancelDueAt?: Date;
}

export function reversalWindowOf(
  { order, notification }: Pick<PaymentSnapshot, 'order' | 'notification'>,
  { status, windowEndsAt }: DebitSnapshot,
): ReversalWindow {
  if (status === 'REVERSING' || status === 'REVERSED') return { reversalDueAt: windowEndsAt };
  const isRefused = status === 'DEBITED' && notification?.status === 'REJECTED';
  return isRefused && !order.cancelRequestedAt ? { cancelDueAt: windowEndsAt } : {};
}

import type { DebitSnapshot, PaymentSnapshot } from './payment-snapshot.js';

/** What has to happen before Alipay+ closes its day, 00:30 at UTC+8 on the day after the debit. */
export interface ReversalWindow {
  /** Until when the money has to be back with the payer. */
  readonly reversalDueAt?: Date;
  /** Until when Alipay+ has to cancel, because it refused to hear that the order is paid. */
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

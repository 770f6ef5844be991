import {
  isTerminal,
  type DebitStatus,
  type PaymentStatus,
} from '../../payment-order/order/payment-status.js';
import { currentDebit, type PaymentSnapshot } from './payment-snapshot.js';

/** The statuses that the effective debit may have in each status of the order; `NONE` means no debit. */
export const DEBITS_BY_STATUS: Readonly<Record<PaymentStatus, readonly (DebitStatus | 'NONE')[]>> = {
  AWAITING_CONFIRMATION: ['NONE', 'REFUSED'],
  HELD: ['NONE'],
  DEBITING: ['INTENDED', 'IN_DOUBT'],
  PAID: ['DEBITED'],
  // FAILED without a debit: the order could never be paid.
  FAILED: ['NONE', 'REFUSED'],
  DECLINED: ['NONE', 'REFUSED'],
  EXPIRED: ['NONE', 'REFUSED'],
  CANCELLED: ['NONE', 'REFUSED', 'REVERSING', 'REVERSED'],
};

/**
 * Facts in the rows of a payment that cannot be true together. They exist only if somebody changed the database by hand
 * or a guarantee is broken; nothing may then be promised about the payment.
 */
export function contradictionsOf(snapshot: PaymentSnapshot): string[] {
  const { order, debits, notification } = snapshot;
  const debit = currentDebit(snapshot)?.status ?? 'NONE';
  const effective = debits.filter(({ status }) => status !== 'REFUSED').length;
  const isFinal = isTerminal(order.status);
  const rules: readonly (readonly [isBroken: boolean, text: string])[] = [
    [!DEBITS_BY_STATUS[order.status].includes(debit), `The order is ${order.status} and its debit ${debit}.`],
    [
      order.status === 'FAILED' && (debit === 'NONE') !== (order.heldReason !== undefined),
      `The order is FAILED and its debit ${debit}.`,
    ],
    [effective > 1, `The order has ${effective} debits that are not refused.`],
    [isFinal && !notification, `The order is ${order.status} and has no notification.`],
    [!isFinal && notification !== undefined, `The order is ${order.status} and has a notification.`],
    [isFinal !== (order.result !== undefined), `The order is ${order.status} and its result says otherwise.`],
    [
      order.heldReason !== undefined && ['AWAITING_CONFIRMATION', 'DEBITING', 'PAID'].includes(order.status),
      `The order is ${order.status} although it is held back.`,
    ],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, text]) => text);
}

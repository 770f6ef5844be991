import type { PaymentStatus } from '../../src/payment-order/order/payment-status.js';
import type { EventType } from '../../src/payment-order/event/event-type.js';
import { PAYMENT_EVENT_VIEWS } from '../../src/payments/payment-events.js';
import { at, DECLINED, EXPIRED, OPEN, PAID, SCAN } from './example-payments.js';

export const EXAMPLE_EVENT_ID = '0b0c6a1e-6f0e-4a41-9f0e-2f3c1c7a9f10';
const REFUND_ID = '01a22a04-9b1d-7c55-8a20-6d1f0c5b7e21';

/** The statuses before and after; the first is absent where the payment becomes known with the event. */
const MOVES: Readonly<Partial<Record<EventType, readonly [PaymentStatus | undefined, PaymentStatus]>>> = {
  'payment.decoded': [undefined, 'AWAITING_CONFIRMATION'],
  'payment.held': [undefined, 'HELD'],
  'payment.released': ['HELD', 'AWAITING_CONFIRMATION'],
  'payment.debiting': ['AWAITING_CONFIRMATION', 'DEBITING'],
  'payment.reopened': ['DEBITING', 'AWAITING_CONFIRMATION'],
  'payment.paid': ['DEBITING', 'PAID'],
  'payment.failed': ['DEBITING', 'FAILED'],
  'payment.declined': ['AWAITING_CONFIRMATION', 'DECLINED'],
  'payment.expired': ['AWAITING_CONFIRMATION', 'EXPIRED'],
  'payment.cancelled': ['PAID', 'CANCELLED'],
  'payment.reversed': ['CANCELLED', 'CANCELLED'],
};
const REFUND_MOVE = ['PAID', 'PAID'] as const;

/** An event as the code writes it. */
export function exampleEvent(type: EventType): object {
  const event = { type, at: at(8) };
  if (type === 'scan.rejected')
    return PAYMENT_EVENT_VIEWS.scan(event, { ...SCAN, status: 'REJECTED', resultCode: 'EXPIRED_CODE' });
  if (type === 'scan.given_up') return PAYMENT_EVENT_VIEWS.scan(event, { ...SCAN, status: 'GIVEN_UP' });
  const [fromStatus, toStatus] = MOVES[type] ?? REFUND_MOVE;
  const change = {
    ...(fromStatus && { fromStatus }),
    toStatus,
    ...(type.startsWith('payment.refund') && { refundId: REFUND_ID }),
  };
  const known = [PAID, DECLINED, EXPIRED].find(({ status }) => status === toStatus);
  return PAYMENT_EVENT_VIEWS.payment(event, change, known ?? { ...OPEN, status: toStatus });
}

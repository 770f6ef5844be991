import { PAYMENT_EVENT_VIEWS } from '../../src/payments/payment-events.js';
import { at, PAID } from './example-payments.js';

export const EXAMPLE_EVENT_ID = '0b0c6a1e-6f0e-4a41-9f0e-2f3c1c7a9f10';

export function exampleEvent(type: 'payment.paid'): object {
  const moment = at(8).toISOString();
  const change = { fromStatus: 'DEBITING', toStatus: 'PAID', at: moment };
  const payment = PAYMENT_EVENT_VIEWS.payment(PAID);
  return { type, timestamp: moment, data: { customerId: PAID.customerId, change, payment } };
}

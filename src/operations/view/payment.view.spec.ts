import type {
  DebitStatus,
  NotificationStatus,
  PaymentStatus,
} from '../../payment-order/order/payment-status.js';
import { aSnapshot, inSeconds, NOW } from '../spec-support/a-snapshot.js';
import type { PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { paymentView, type PaymentLook } from './payment.view.js';

const lookOf = (snapshot: PaymentSnapshot): PaymentLook => ({
  snapshot,
  acts: [],
  timeline: [],
  timelineStartsLate: false,
});

const DAY_END = inSeconds(16_200);

describe('the debits of a payment, as operators see them', () => {
  it.each<[PaymentStatus, DebitStatus, NotificationStatus | undefined, object]>([
    ['CANCELLED', 'REVERSING', 'PENDING', { reversalDueAt: DAY_END }],
    ['CANCELLED', 'REVERSED', 'DELIVERED', { reversalDueAt: DAY_END }],
    ['PAID', 'DEBITED', 'REJECTED', { cancelDueAt: DAY_END }],
    ['PAID', 'DEBITED', 'PARKED', {}],
    ['DEBITING', 'IN_DOUBT', undefined, {}],
  ])('of %s, %s, %s say by when money or a cancel has to come', (status, debit, notification, due) => {
    const { debits } = paymentView(lookOf(aSnapshot({ status, debit, notification })));
    const [shown] = debits;
    const names = ['reversalDueAt', 'cancelDueAt', 'windowEndsAt', 'alarms'];
    expect(Object.fromEntries(Object.entries({ ...shown }).filter(([name]) => names.includes(name)))).toEqual(
      due,
    );
  });

  it('say which alarms were raised about each', () => {
    const alarm = { alarm: 'REVERSAL_OVERDUE', raisedAt: NOW } as const;
    const { debits } = paymentView(
      lookOf(
        aSnapshot(
          { status: 'CANCELLED', debit: 'REVERSING', notification: 'DELIVERED' },
          {
            snapshot: {
              debitAlarms: [
                { debitId: 'key-1', ...alarm },
                { debitId: 'other', ...alarm },
              ],
            },
          },
        ),
      ),
    );
    expect(debits).toMatchObject([{ debitId: 'key-1', alarms: [alarm] }]);
  });
});

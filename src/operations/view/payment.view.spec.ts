import type {
  DebitStatus,
  NotificationStatus,
  PaymentStatus,
} from '../../payment-order/order/payment-status.js';
import { aSnapshot, inSeconds, NOW } from '../spec-support/a-snapshot.js';
import type { OrderContent } from '../../payment-order/order/order-content.js';
import type { PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { paymentView, type PaymentLook } from './payment.view.js';

const lookOf = (snapshot: PaymentSnapshot): PaymentLook => ({
  snapshot,
  acts: [],
  notes: [],
  approvals: [],
  timeline: [],
  timelineStartsLate: false,
});

const DAY_END = inSeconds(16_200);

describe("the order in the operators' view", () => {
  const orderOf = (content: Partial<OrderContent>) =>
    paymentView(
      lookOf(
        aSnapshot(
          { status: 'AWAITING_CONFIRMATION' },
          { order: { content: { promotions: [], surcharged: false, ...content } } },
        ),
      ),
    );

  it('has the goods, the requirements besides the money, and the page for the payer', () => {
    const goods = [{ name: 'Coffee', quantity: '2', unitAmount: { currency: 'JPY', value: '500' } }];
    const orderAmount = { currency: 'JPY', value: '1000' };
    const view = orderOf({
      goods,
      orderAmount,
      redirectUrl: 'https://shop.example/thanks',
      passThroughInfo: '{"table":"7"}',
      requirements: { flags: ['needOtpVerification'], proofs: ['otp'] },
      sdkActionPayload: 'for the device of the payer only',
    });
    expect(view).toMatchObject({
      goods,
      orderAmount,
      redirectUrl: 'https://shop.example/thanks',
      requirements: { flags: ['needOtpVerification'], proofs: ['otp'], others: ['passThroughInfo'] },
    });
    expect(JSON.stringify(view)).not.toContain('for the device');
    expect(orderOf({}).requirements).toBeUndefined();
  });
});

describe("the debits in the operators' view", () => {
  it.each<[PaymentStatus, DebitStatus, NotificationStatus | undefined, object]>([
    ['CANCELLED', 'REVERSING', 'PENDING', { reversalDueAt: DAY_END }],
    ['CANCELLED', 'REVERSED', 'DELIVERED', { reversalDueAt: DAY_END }],
    ['PAID', 'DEBITED', 'REJECTED', { cancelDueAt: DAY_END }],
    ['PAID', 'DEBITED', 'PARKED', {}],
    ['DEBITING', 'IN_DOUBT', undefined, {}],
  ])('of %s, %s, %s say by when the money or a cancel must come', (status, debit, notification, due) => {
    const { debits } = paymentView(lookOf(aSnapshot({ status, debit, notification })));
    const [shown] = debits;
    const names = ['reversalDueAt', 'cancelDueAt', 'windowEndsAt', 'alarms'];
    expect(Object.fromEntries(Object.entries({ ...shown }).filter(([name]) => names.includes(name)))).toEqual(
      due,
    );
  });

  it('name the alarms that were raised about each', () => {
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

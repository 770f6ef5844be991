import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import type { PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { PaymentsProblemCode } from '../payments.problems.js';
import { obstacleToConfirm } from './confirm-rules.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const at = (ms: number): Date => new Date(now.getTime() + ms);
const payAmount = { currency: 'HKD', value: 8_561n };
const anOrder = (change: Partial<PaymentOrder> = {}): PaymentOrder => ({
  paymentId: 'payment-1',
  paymentRequestId: 'request-1',
  customerId: 'customer-1',
  status: 'AWAITING_CONFIRMATION',
  scenario: 'CASHIER',
  payAmount,
  quoteId: 'quote-1',
  expiresAt: at(60_000),
  notifyUrl: 'https://localhost/n',
  content: { promotions: [], surcharged: false },
  contentConflict: false,
  askLedger: false,
  createdAt: now,
  updatedAt: now,
  readAt: now,
  ...change,
});

describe('obstacleToConfirm', () => {
  it('lets the payer confirm the shown amount, with or without the quote', () => {
    expect(obstacleToConfirm(anOrder(), { payAmount })).toBeUndefined();
    expect(obstacleToConfirm(anOrder(), { payAmount, quoteId: 'quote-1' })).toBeUndefined();
  });

  it.each([
    ['HELD', 'ORDER_HELD'],
    ['EXPIRED', 'ORDER_EXPIRED'],
    ['DECLINED', 'ORDER_IS_CLOSED'],
    ['CANCELLED', 'ORDER_IS_CLOSED'],
    ['DEBITING', undefined],
    ['PAID', undefined],
    ['FAILED', undefined],
  ] as const)('of an order that is %s is %s, whatever the clock says', (status, obstacle) => {
    expect(obstacleToConfirm(anOrder({ status, expiresAt: at(-1) }), { payAmount })).toBe(obstacle);
  });

  it('is ORDER_IS_CLOSED for an order that could never be paid, whatever was shown', () => {
    const never = anOrder({ status: 'FAILED', heldReason: 'UNSUPPORTED_ACTION' });
    expect(obstacleToConfirm(never, { payAmount })).toBe('ORDER_IS_CLOSED');
    expect(obstacleToConfirm(never, { payAmount: { currency: 'JPY', value: 1n } })).toBe('ORDER_IS_CLOSED');
  });

  it.each<[PaymentStatus, PaymentsProblemCode]>([
    ['AWAITING_CONFIRMATION', 'AMOUNT_CHANGED'],
    ['DEBITING', 'ORDER_IS_CLOSED'],
    ['PAID', 'ORDER_IS_CLOSED'],
    ['FAILED', 'ORDER_IS_CLOSED'],
  ])(
    'for another amount than the shown one, on an order that is %s, is %s: nobody who paid is asked to confirm again',
    (status, obstacle) => {
      for (const shown of [
        { payAmount: { currency: 'HKD', value: 8_560n } },
        { payAmount: { currency: 'JPY', value: 8_561n } },
        { payAmount, quoteId: 'quote-2' },
      ]) {
        expect(obstacleToConfirm(anOrder({ status }), shown)).toBe(obstacle);
      }
    },
  );

  it('is AMOUNT_CHANGED for a quote on an order that has none, and for an order without an amount', () => {
    const { quoteId: _none, payAmount: _nothing, ...bare } = anOrder();
    expect(obstacleToConfirm({ ...bare, payAmount }, { payAmount, quoteId: 'quote-1' })).toBe(
      'AMOUNT_CHANGED',
    );
    expect(obstacleToConfirm(bare, { payAmount })).toBe('AMOUNT_CHANGED');
  });

  it.each([
    [{ expiresAt: at(1) }, undefined],
    [{ expiresAt: at(0) }, 'ORDER_EXPIRED'],
    [{ expiresAt: at(-1) }, 'ORDER_EXPIRED'],
    [{ quoteExpiresAt: at(1) }, undefined],
    [{ quoteExpiresAt: at(0) }, 'QUOTE_EXPIRED'],
    [{ quoteExpiresAt: at(-1) }, 'QUOTE_EXPIRED'],
    [{ expiresAt: at(0), quoteExpiresAt: at(0) }, 'ORDER_EXPIRED'],
    [{ cancelRequestedAt: at(-1) }, 'ORDER_IS_CLOSED'],
    [{ cancelRequestedAt: at(-1), expiresAt: at(-1) }, 'ORDER_IS_CLOSED'],
  ])('judges %j by the database’s clock as %s', (change, obstacle) => {
    expect(obstacleToConfirm(anOrder(change), { payAmount })).toBe(obstacle);
    if (obstacle === undefined) return;
    const other = { payAmount: { currency: 'HKD', value: 1n } };
    expect(obstacleToConfirm(anOrder(change), other)).toBe(obstacle);
  });

  it('is PROOF_REQUIRED until every required proof is given, and only while the order can be paid', () => {
    const requirements = { flags: [], proofs: ['otp', 'consent'] } as const;
    const content = { promotions: [], surcharged: false, requirements };
    const obstacle = (proofs?: object, change: Partial<PaymentOrder> = {}) =>
      obstacleToConfirm(anOrder({ content, ...change }), { payAmount, ...(proofs && { proofs }) });
    expect(obstacle()).toBe('PROOF_REQUIRED');
    expect(obstacle({ otp: '1' })).toBe('PROOF_REQUIRED');
    expect(obstacle({ otp: '1', consent: '2', compliance: 'not asked for' })).toBeUndefined();
    expect(obstacle(undefined, { expiresAt: at(-1) })).toBe('ORDER_EXPIRED');
    expect(obstacle(undefined, { status: 'PAID' })).toBeUndefined();
  });
});

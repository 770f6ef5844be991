import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import { paymentView } from './payment.view.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const order: PaymentOrder = {
  paymentId: 'payment-1',
  paymentRequestId: 'request-1',
  customerId: 'customer-1',
  status: 'AWAITING_CONFIRMATION',
  scenario: 'MERCHANT_PRESENTED',
  paymentAmount: { currency: 'JPY', value: 1_000n },
  payToAmount: { currency: 'HKD', value: 8_518n },
  payAmount: { currency: 'HKD', value: 8_916n },
  quoteId: 'quote-1',
  expiresAt: new Date('2026-03-01T12:10:00.000Z'),
  notifyUrl: 'https://localhost/secret-path',
  content: {
    merchant: { merchantName: 'Tea House Ltd', merchantDisplayName: 'Tea House', storeName: 'Harbour' },
    exchangeRate: { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' },
    promotions: [],
    surcharged: true,
    passThroughInfo: 'from the acquirer',
  },
  contentConflict: false,
  askLedger: false,
  createdAt: now,
  updatedAt: now,
  readAt: now,
};

describe('paymentView', () => {
  it('shows amounts as text in minor units, and as people read them', () => {
    expect(paymentView(order)).toMatchObject({
      paymentAmount: { currency: 'JPY', value: '1000', display: '¥1,000' },
      payToAmount: { currency: 'HKD', value: '8518', display: 'HK$85.18' },
      payAmount: { currency: 'HKD', value: '8916', display: 'HK$89.16' },
      surcharge: { currency: 'HKD', value: '8916' },
      exchangeRate: { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614', quoteId: 'quote-1' },
      merchant: { name: 'Tea House', legalName: 'Tea House Ltd', store: 'Harbour' },
    });
  });

  it('shows nothing of the payer or the address of the result', () => {
    const text = JSON.stringify(paymentView(order));
    for (const hidden of ['customer-1', 'secret-path']) expect(text).not.toContain(hidden);
  });

  it('shows the requirements of an order besides its money, and the fields that the acquirer passes on', () => {
    expect(paymentView(order).requirements).toEqual({
      flags: [],
      proofs: [],
      passThroughInfo: 'from the acquirer',
    });
    const requirements = {
      flags: ['isAuthorizationAndPay'],
      proofs: ['consent'],
      authorizationInfo: { authClientId: 'C-1' },
    } as const;
    const content = { promotions: [], surcharged: false, requirements };
    expect(paymentView({ ...order, content }).requirements).toEqual(requirements);
  });

  it('leaves out fields that an order does not have', () => {
    const { payAmount: _none, quoteId: _neither, ...bare } = order;
    const view = JSON.parse(
      JSON.stringify(paymentView({ ...bare, content: { promotions: [], surcharged: false } })),
    );
    for (const absent of [
      'payAmount',
      'surcharge',
      'exchangeRate',
      'requirements',
      'merchant',
      'result',
      'notification',
      'action',
    ]) {
      expect(view).not.toHaveProperty(absent);
    }
  });

  it('gives the app the fields for the SDK only while the order is held for it', () => {
    const content = { ...order.content, sdkActionPayload: 'payload' };
    const held = paymentView({ ...order, status: 'HELD', heldReason: 'HANDLE_BY_SDK', content });
    expect(held).toMatchObject({ action: 'HANDLE_BY_SDK', sdkActionPayload: 'payload' });
    expect(paymentView({ ...order, content })).not.toHaveProperty('sdkActionPayload');
    const flagged = paymentView({ ...order, status: 'HELD', heldReason: 'UNSUPPORTED_FLAG: x', content });
    expect(flagged).toMatchObject({ action: 'SHOW_NOT_SUPPORTED' });
    expect(flagged).not.toHaveProperty('sdkActionPayload');
  });

  it.each(['NOT_PAYABLE: payToAmount is missing', 'HANDLE_BY_SDK'])(
    'sends the payer to support when the answer itself was faulty: %s without a payload',
    (heldReason) => {
      const held = paymentView({ ...order, status: 'HELD', heldReason });
      expect(held).toMatchObject({ action: 'CONTACT_SUPPORT' });
      expect(held).not.toHaveProperty('sdkActionPayload');
    },
  );

  it.each([
    ['NOT_PAYABLE: payToAmount is missing', 'CONTACT_SUPPORT'],
    ['UNSUPPORTED_ACTION', 'SHOW_NOT_SUPPORTED'],
  ])('says what to do about an order that could never be paid: %s', (heldReason, action) => {
    expect(paymentView({ ...order, status: 'FAILED', heldReason })).toMatchObject({ action, heldReason });
  });

  it.each<[string, Partial<PaymentOrder>, string | undefined, string | undefined]>([
    ['open', {}, undefined, undefined],
    ['being paid', { status: 'DEBITING' }, undefined, undefined],
    ['paid', { status: 'PAID', paymentTime: 'then' }, undefined, undefined],
    ['past its time', { expiresAt: now }, 'SHOW_CODE_EXPIRED', 'payment.expired'],
    ['past its quote', { quoteExpiresAt: now }, 'SHOW_CODE_EXPIRED', 'payment.rate_expired'],
    ['expired', { status: 'EXPIRED' }, 'SHOW_CODE_EXPIRED', 'payment.expired'],
    ['declined', { status: 'DECLINED' }, 'SHOW_ORDER_CLOSED', 'payment.declined'],
    ['about to be cancelled', { cancelRequestedAt: now }, 'SHOW_ORDER_CLOSED', 'payment.cancelled'],
    ['cancelled', { status: 'CANCELLED' }, 'SHOW_ORDER_CLOSED', 'payment.cancelled'],
    [
      'cancelled after it was paid',
      { status: 'CANCELLED', paymentTime: 'then' },
      'SHOW_ORDER_CLOSED',
      'payment.cancelled_after_paid',
    ],
    ['refused by the ledger', { status: 'FAILED' }, 'CONTACT_SUPPORT', 'payment.failed'],
  ])('says what to do about a payment that is %s', (_state, change, action, messageKey) => {
    const view = paymentView({ ...order, ...change });
    expect([view.action, view.messageKey]).toEqual([action, messageKey]);
  });

  it('shows the end of an order and the state of its notification', () => {
    const result = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' } as const;
    expect(
      paymentView({ ...order, status: 'PAID', result, paymentTime: 'then', notificationStatus: 'PENDING' }),
    ).toMatchObject({ status: 'PAID', result, paymentTime: 'then', notification: { status: 'PENDING' } });
  });
});

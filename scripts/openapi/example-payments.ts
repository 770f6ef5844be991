import type { PaymentOrder } from '../../src/payment-order/order/payment-order.js';
import type { Scan } from '../../src/payment-order/scan/scan.js';

export type Examples = Readonly<
  Record<string, { readonly summary: string; readonly value: object | string }>
>;

/** A moment of the example day. */
export const at = (seconds: number): Date => new Date(Date.UTC(2026, 2, 1, 4, 0, seconds));

export const SCAN: Scan = {
  scanId: '01a229f7-5fa5-7548-91f2-c19b5a50f771',
  customerId: 'customer-rich',
  status: 'DECODED',
  tries: 1,
  givesUpAt: at(60),
  createdAt: at(0),
  readAt: at(0),
};

export const OPEN: PaymentOrder = {
  paymentId: '01a229f7-60b4-74c4-9caf-c34aed23451f',
  paymentRequestId: '12488635112572476905463706644580',
  customerId: 'customer-rich',
  status: 'AWAITING_CONFIRMATION',
  scenario: 'MERCHANT_PRESENTED',
  paymentAmount: { currency: 'JPY', value: 995n },
  payToAmount: { currency: 'HKD', value: 8_518n },
  payAmount: { currency: 'HKD', value: 8_916n },
  quoteId: '1000113100000000000003',
  expiresAt: at(600),
  notifyUrl: 'https://localhost/notify',
  content: {
    referenceOrderId: 'order-20260301-0001',
    orderDescription: 'Two cups of coffee',
    goods: [{ name: 'Coffee', quantity: '2', unitAmount: { currency: 'JPY', value: '500' } }],
    merchant: {
      merchantName: 'Kissa Twin',
      merchantDisplayName: 'Kissa Twin 珈琲店',
      merchantMCC: '5814',
      region: 'JP',
    },
    exchangeRate: { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' },
    promotions: [{ promoName: 'Spring sale', savingsAmount: { currency: 'JPY', value: '5' } }],
    surcharged: true,
  },
  contentConflict: false,
  askLedger: false,
  createdAt: at(0),
  updatedAt: at(0),
  readAt: at(0),
};

export const PAID: PaymentOrder = {
  ...OPEN,
  status: 'PAID',
  result: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
  paymentTime: '2026-03-01T12:00:08+08:00',
  notificationStatus: 'PENDING',
};
export const EXPIRED: PaymentOrder = {
  ...OPEN,
  status: 'EXPIRED',
  result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'expired without payment' },
  notificationStatus: 'DELIVERED',
};
export const DECLINED: PaymentOrder = {
  ...EXPIRED,
  status: 'DECLINED',
  result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'the payer declined' },
};

/** One example with its name. */
export const one = (name: string, summary: string, value: object | string): Examples => ({
  [name]: { summary, value },
});

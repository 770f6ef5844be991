import type { PaymentOrder } from '../../src/payment-order/order/payment-order.js';
import type { Scan } from '../../src/payment-order/scan/scan.js';
import { paymentPageView, paymentView } from '../../src/payments/payment/payment.view.js';
import { scanAnswer } from '../../src/payments/scans/scan.answer.js';

type Examples = Readonly<Record<string, { readonly summary: string; readonly value: object }>>;

const at = (seconds: number): Date => new Date(Date.UTC(2026, 2, 1, 4, 0, seconds));

const SCAN: Scan = {
  scanId: '01a229f7-5fa5-7548-91f2-c19b5a50f771',
  customerId: 'customer-rich',
  status: 'DECODED',
  tries: 1,
  givesUpAt: at(60),
  createdAt: at(0),
  readAt: at(0),
};

const OPEN: PaymentOrder = {
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

const PAID: PaymentOrder = {
  ...OPEN,
  status: 'PAID',
  result: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
  paymentTime: '2026-03-01T12:00:08+08:00',
  notificationStatus: 'PENDING',
};
const EXPIRED: PaymentOrder = {
  ...OPEN,
  status: 'EXPIRED',
  result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'expired without payment' },
  notificationStatus: 'DELIVERED',
};
const DECLINED: PaymentOrder = {
  ...EXPIRED,
  status: 'DECLINED',
  result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'the payer declined' },
};

const one = (name: string, summary: string, value: object): Examples => ({ [name]: { summary, value } });
const decoded = one('decoded', 'Decoded', scanAnswer({ scan: SCAN, payment: OPEN }, true).body);
const pending = one(
  'pending',
  'Alipay+ does not know yet',
  scanAnswer({ scan: { ...SCAN, status: 'PENDING', nextAttemptAt: at(2) } }, true).body,
);
const paid = one('paid', 'Paid', paymentView(PAID));
const debiting = one('debiting', 'On its way', paymentView({ ...OPEN, status: 'DEBITING' }));

/** What is answered, by operation and status: made by the views, so that an example is an answer of this code. */
export const ANSWER_EXAMPLES: Readonly<Record<string, Readonly<Record<string, Examples>>>> = {
  createScan: { 201: decoded, 202: pending },
  getScan: { 200: decoded, 202: pending },
  listPayments: {
    200: one('page', 'A page with more behind it', {
      ...paymentPageView({
        payments: [PAID],
        end: { createdAt: '2026-03-01T04:00:00.000000Z', paymentId: PAID.paymentId },
      }),
    }),
  },
  getPayment: {
    200: {
      ...one('open', 'Waiting for its payer', paymentView(OPEN)),
      ...paid,
      ...one('expired', 'Expired', paymentView(EXPIRED)),
    },
  },
  confirmPayment: { 200: paid, 202: debiting },
  declinePayment: { 200: one('declined', 'Declined', paymentView(DECLINED)) },
};

const CUSTOMER = { customerId: 'customer-rich' };

/** What is sent, by operation; the codes are those of the local Alipay+, so each can be sent to a trial as it is. */
export const REQUEST_EXAMPLES: Readonly<Record<string, Examples>> = {
  createScan: {
    ...one('decoded', 'Decoded at once', {
      codeValue: 'twin:S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;surcharge=8916HKD#example-decoded',
      ...CUSTOMER,
    }),
    ...one('pending', 'Not known at first', { codeValue: 'twin:U,U,S#example-pending', ...CUSTOMER }),
    ...one('refused', 'Refused: the code has expired', {
      codeValue: 'twin:F.EXPIRED_CODE#example-refused',
      ...CUSTOMER,
    }),
  },
  confirmPayment: {
    ...one('shown', '`payAmount` as it was answered', {
      payAmount: { currency: 'HKD', value: '8916', display: 'HK$89.16' },
    }),
    ...one('quoted', 'With the quote that was shown', {
      payAmount: { currency: 'HKD', value: '8916' },
      quoteId: '1000113100000000000003',
    }),
  },
  redeliverPayment: one('reason', 'Why', { reason: 'Alipay+ asked for it, ticket 4711' }),
  redeliverMany: one('dryRun', 'What would be sent again', {
    reason: 'Alipay+ was down this morning',
    since: '2026-03-01T08:00:00+08:00',
    dryRun: true,
  }),
  reloadKeys: one('reason', 'Why', { reason: 'a new key is in place' }),
  pauseQueue: one('reason', 'Why', { reason: 'Alipay+ asked for it, ticket 4711' }),
  resumeQueue: one('reason', 'Why', { reason: 'they are ready again' }),
  resendEvent: one('reason', 'Why', { reason: 'the core was restored from a backup, ticket 4711' }),
  resendEvents: one('dryRun', 'What would be sent again', {
    reason: 'the core was restored from a backup, ticket 4711',
    since: '2026-03-01T08:00:00+08:00',
    status: 'ALL',
    dryRun: true,
  }),
  performAct: one('dryRun', 'What it would do', { reason: 'The payer is on the phone', dryRun: true }),
};

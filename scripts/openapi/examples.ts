import { paymentPageView, paymentView } from '../../src/payments/payment/payment.view.js';
import { scanAnswer } from '../../src/payments/scans/scan.answer.js';
import { at, DECLINED, EXPIRED, one, OPEN, PAID, SCAN, type Examples } from './example-payments.js';
import { NOTE_REQUESTS } from './note-examples.js';
import { OPERATOR_ANSWERS } from './operator-examples.js';

const decoded = one('decoded', 'Decoded', scanAnswer({ scan: SCAN, payment: OPEN }, true).body);
const pending = one(
  'pending',
  'Alipay+ does not know yet',
  scanAnswer({ scan: { ...SCAN, status: 'PENDING', nextAttemptAt: at(2) } }, true).body,
);
const paid = one('paid', 'Paid', paymentView(PAID));
const debiting = one('debiting', 'On its way', paymentView({ ...OPEN, status: 'DEBITING' }));

/** Example answers, by operation and status: made by the views, so that each is a possible answer of the code. */
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
  ...OPERATOR_ANSWERS,
};

const CUSTOMER = { customerId: 'customer-rich' };

/**
 * Example requests, by operation; the codes are those of the local Alipay+, so each can be sent to a trial unchanged.
 */
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
  approve: one('reason', 'Why', { reason: 'checked with the merchant, ticket 4711' }),
  reject: one('reason', 'Why', { reason: 'the merchant has closed, ticket 4711' }),
  resendEvent: one('reason', 'Why', { reason: 'the core was restored from a backup, ticket 4711' }),
  resendEvents: one('dryRun', 'What would be sent again', {
    reason: 'the core was restored from a backup, ticket 4711',
    since: '2026-03-01T08:00:00+08:00',
    status: 'ALL',
    dryRun: true,
  }),
  ...NOTE_REQUESTS,
  performAct: one('dryRun', 'What it would do', { reason: 'The payer is on the phone', dryRun: true }),
};

import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import type { Scan, ScanWithPayment } from '../../payment-order/scan/scan.js';
import { ProblemError } from '../../platform/http/problem.js';
import { PAYER_ADVICE } from '../payer-advice.js';
import { scanAnswer } from './scan.answer.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const at = (ms: number): Date => new Date(now.getTime() + ms);
const aScan = (change: Partial<Scan> = {}): ScanWithPayment => ({
  scan: {
    scanId: 'scan-1',
    customerId: 'customer-1',
    status: 'PENDING',
    tries: 1,
    nextAttemptAt: at(2_500),
    givesUpAt: at(60_000),
    createdAt: now,
    readAt: now,
    ...change,
  },
});

function problemOf(answer: () => unknown): ProblemError['problem'] {
  try {
    answer();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
  }
  throw new Error('it was answered');
}

describe('scanAnswer', () => {
  it('of a pending scan has the time of the next decode and of the deadline', () => {
    expect(scanAnswer(aScan(), true)).toEqual({
      status: 202,
      headers: { location: '/v1/scans/scan-1', 'retry-after': '3' },
      body: {
        scanId: 'scan-1',
        status: 'PENDING',
        nextAttemptAt: at(2_500).toISOString(),
        givesUpAt: at(60_000).toISOString(),
      },
    });
  });

  it.each([
    [1, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [-5_000, '1'],
  ])('makes the app wait whole seconds, at least one: %i ms are %s s', (ms, seconds) => {
    expect(scanAnswer(aScan({ nextAttemptAt: at(ms) }), true).headers['retry-after']).toBe(seconds);
  });

  it('of a scan that Alipay+ refused is a problem with its code and the advice', () => {
    const scan = aScan({ status: 'REJECTED', resultCode: 'EXPIRED_CODE' });
    expect(problemOf(() => scanAnswer(scan, true))).toMatchObject({
      status: 422,
      code: 'EXPIRED_CODE',
      extra: { action: 'SHOW_CODE_EXPIRED', scanId: 'scan-1' },
    });
  });

  it('of a code in use is a conflict that names nobody', () => {
    const problem = problemOf(() =>
      scanAnswer(aScan({ status: 'REJECTED', resultCode: 'REPEAT_REQ_INCONSISTENT' }), true),
    );
    expect(problem).toMatchObject({ status: 409, code: 'REPEAT_REQ_INCONSISTENT' });
    expect(JSON.stringify(problem)).not.toContain('customer');
  });

  it('of an unknown refusal keeps its code and gives general advice', () => {
    const scan = aScan({ status: 'REJECTED', resultCode: 'NEVER_SEEN_BEFORE' });
    expect(problemOf(() => scanAnswer(scan, false))).toMatchObject({
      status: 422,
      code: 'NEVER_SEEN_BEFORE',
    });
  });

  it('of a scan that was given up says that nothing was paid', () => {
    expect(problemOf(() => scanAnswer(aScan({ status: 'GIVEN_UP' }), false))).toMatchObject({
      status: 422,
      code: 'DECODE_GIVEN_UP',
      extra: { action: 'TRY_AGAIN' },
    });
  });

  it.each([
    ['EXPIRED', 'ORDER_EXPIRED', 'payment.expired'],
    ['DECLINED', 'ORDER_IS_CLOSED', 'payment.declined'],
    ['CANCELLED', 'ORDER_IS_CLOSED', 'payment.cancelled'],
  ] as const)(
    'of a code whose order is %s is a conflict with its code and text',
    (status, code, messageKey) => {
      const scanned = { ...aScan({ status: 'DECODED' }), payment: anOrder(status) };
      expect(problemOf(() => scanAnswer(scanned, true))).toMatchObject({
        status: 409,
        code,
        detail: PAYER_ADVICE[messageKey].payerText,
        extra: {
          scanId: 'scan-1',
          paymentId: 'payment-1',
          action: PAYER_ADVICE[messageKey].action,
          messageKey,
        },
      });
      // A read of the scan gets all that is known of it.
      expect(scanAnswer(scanned, false)).toMatchObject({
        status: 200,
        body: { payment: { status, messageKey } },
      });
    },
  );
});

function anOrder(status: PaymentOrder['status']): PaymentOrder {
  return {
    paymentId: 'payment-1',
    paymentRequestId: 'request-1',
    customerId: 'customer-1',
    status,
    scenario: 'CASHIER',
    expiresAt: at(60_000),
    notifyUrl: 'https://localhost/n',
    content: { promotions: [], surcharged: false },
    contentConflict: false,
    askLedger: false,
    createdAt: now,
    updatedAt: now,
    readAt: now,
  };
}

import { PAYMENT_RESULT_CODES, paymentResultFaults, type PaymentResultApi } from './payment-result-codes.js';

/** The codes that the network names for a merchant-presented payment. */
const NAMED: Readonly<Record<PaymentResultApi, readonly string[]>> = {
  notifyPayment: [
    'S SUCCESS',
    'F RISK_REJECT',
    'F UNAVAILABLE_PAYMENT_METHOD',
    'F USER_PAYMENT_VERIFICATION_FAILED',
    'F MERCHANT_NOT_REGISTERED',
    'F USER_BALANCE_NOT_ENOUGH',
    'F USER_NOT_EXIST',
    'F USER_STATUS_ABNORMAL',
    'F ORDER_IS_CLOSED',
  ],
  inquiryPayment: [
    'S SUCCESS',
    'U PAYMENT_IN_PROCESS',
    'F RISK_REJECT',
    'F UNAVAILABLE_PAYMENT_METHOD',
    'F USER_PAYMENT_VERIFICATION_FAILED',
    'F USER_KYC_NOT_QUALIFIED',
    'F MERCHANT_NOT_REGISTERED',
    'F USER_BALANCE_NOT_ENOUGH',
    'F USER_NOT_EXIST',
    'F USER_STATUS_ABNORMAL',
    'F ORDER_IS_CLOSED',
  ],
};

const cases = (['notifyPayment', 'inquiryPayment'] as const).flatMap((api) =>
  NAMED[api].map((line) => [api, line] as const),
);

describe('the codes of a payment result', () => {
  it.each(cases)('may be in %s: %s', (api, line) => {
    const [resultStatus = '', resultCode = ''] = line.split(' ');
    expect(Object.keys(PAYMENT_RESULT_CODES)).toContain(resultCode);
    expect(paymentResultFaults({ resultStatus, resultCode }, api)).toEqual([]);
  });

  it('may not be U in a notification', () => {
    const result = { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' };
    expect(paymentResultFaults(result, 'notifyPayment').length).toBeGreaterThan(0);
    expect(paymentResultFaults(result, 'inquiryPayment')).toEqual([]);
  });

  it('may be a code agreed with a partner, but only for a failure', () => {
    expect(paymentResultFaults({ resultStatus: 'F', resultCode: 'AGREED' }, 'notifyPayment')).toEqual([]);
    expect(paymentResultFaults({ resultStatus: 'S', resultCode: 'AGREED' }, 'notifyPayment')).toHaveLength(1);
  });
});

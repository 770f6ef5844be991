import { writeNotifyPayment, type FinalResult } from './notify-payment.js';
import { UnwritableMessage } from './write-message.js';

const paid: FinalResult = {
  paymentResult: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
  paymentRequestId: '20200000000000000133',
  paymentId: 'MPP-PAY-0001',
  paymentTime: '2025-11-27T11:58:41+08:00',
  paymentAmount: { currency: 'JPY', value: 100n },
  payToAmount: { currency: 'KRW', value: 1000n },
  customerId: '208800000000000001',
};

const closed: FinalResult = {
  paymentResult: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'order is closed' },
  paymentRequestId: '20200000000000000133',
};

const bodyOf = (final: FinalResult): unknown => JSON.parse(writeNotifyPayment(final).toString('utf8'));

function faultsOf(final: FinalResult): string[] {
  try {
    writeNotifyPayment(final);
  } catch (error) {
    if (error instanceof UnwritableMessage) return error.faults.map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('writeNotifyPayment', () => {
  it('writes a success in two currencies with both amounts', () => {
    expect(writeNotifyPayment(paid).toString('utf8')).toBe(
      '{"paymentResult":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"},' +
        '"paymentRequestId":"20200000000000000133","paymentId":"MPP-PAY-0001","paymentTime":"2025-11-27T11:58:41+08:00",' +
        '"paymentAmount":{"currency":"JPY","value":"100"},"payToAmount":{"currency":"KRW","value":"1000"},' +
        '"customerId":"208800000000000001"}',
    );
  });

  it('writes the same bytes for the same result', () => {
    expect(writeNotifyPayment({ ...paid }).equals(writeNotifyPayment(paid))).toBe(true);
  });

  it('has payToAmount only for a success in another currency', () => {
    const payToAmount = { currency: 'JPY', value: 100n };
    expect(bodyOf({ ...paid, payToAmount })).not.toHaveProperty('payToAmount');
    expect(bodyOf({ ...paid, ...closed })).not.toHaveProperty('payToAmount');
    expect(bodyOf({ ...paid, ...closed })).toHaveProperty('paymentAmount');
  });

  it('writes a failure with the fields of its order only', () => {
    expect(bodyOf(closed)).toEqual(closed);
  });

  it('writes amounts of any size digit by digit', () => {
    const value = 10n ** 60n + 1n;
    expect(bodyOf({ ...paid, paymentAmount: { currency: 'JPY', value } })).toMatchObject({
      paymentAmount: { value: String(value) },
    });
  });

  it.each<[string, Partial<FinalResult>, string]>([
    ['a success without our id', { paymentId: undefined }, 'paymentId'],
    ['a success without its time', { paymentTime: undefined }, 'paymentTime'],
    ['a time without an offset', { paymentTime: '2025-11-27T11:58:41' }, 'paymentTime'],
    ['a success without an amount', { paymentAmount: undefined }, 'paymentAmount'],
    ['an amount below one', { paymentAmount: { currency: 'JPY', value: 0n } }, 'paymentAmount.value'],
    ['a currency nobody issues', { payToAmount: { currency: 'KRX', value: 1n } }, 'payToAmount.currency'],
    ['an id that is too long', { paymentId: 'x'.repeat(65) }, 'paymentId'],
    ['no order', { paymentRequestId: '' }, 'paymentRequestId'],
    ['a payer that is too long', { customerId: 'x'.repeat(65) }, 'customerId'],
    [
      'a success under a code of failure',
      { paymentResult: { resultStatus: 'S', resultCode: 'RISK_REJECT' } },
      'paymentResult.resultCode',
    ],
    [
      'a failure under the code of success',
      { paymentResult: { resultStatus: 'F', resultCode: 'SUCCESS' } },
      'paymentResult.resultCode',
    ],
  ])('refuses %s', (_, change, field) => {
    expect(faultsOf({ ...paid, ...change })).toContain(field);
  });

  it('refuses a result that is not final', () => {
    const paymentResult = { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' };
    // The cast is the test: it passes what the type forbids.
    expect(faultsOf({ ...paid, paymentResult } as FinalResult)).toEqual([
      'paymentResult.resultStatus',
      'paymentResult.resultCode',
    ]);
  });
});

import { writeInquiryPaymentAnswer, writeResultOnly, type PaymentStanding } from './inbound-messages.js';
import { UnwritableMessage } from './write-message.js';

const success = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' } as const;
const bodyOf = (standing: PaymentStanding): unknown =>
  JSON.parse(writeInquiryPaymentAnswer(standing).toString());

describe('writeInquiryPaymentAnswer', () => {
  const paid: PaymentStanding = {
    result: success,
    paymentResult: success,
    paymentId: 'MPP-PAY-0001',
    paymentTime: '2025-11-27T11:58:41+08:00',
    paymentAmount: { currency: 'JPY', value: 100n },
    payToAmount: { currency: 'KRW', value: 1000n },
    customerId: '208800000000000001',
  };

  it('has all fields of a completed payment', () => {
    expect(bodyOf(paid)).toEqual({
      ...paid,
      paymentAmount: { currency: 'JPY', value: '100' },
      payToAmount: { currency: 'KRW', value: '1000' },
    });
  });

  it('has one amount when there is one currency, as the notification does', () => {
    expect(bodyOf({ ...paid, payToAmount: paid.paymentAmount })).not.toHaveProperty('payToAmount');
  });

  it.each([
    ['a payment under way', { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS', resultMessage: 'm' }],
    [
      'a payment that was cancelled',
      { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'm' },
    ],
  ] as const)('writes %s', (_, paymentResult) => {
    expect(bodyOf({ result: success, paymentResult })).toEqual({ result: success, paymentResult });
  });

  it('writes an unknown order without a paymentResult', () => {
    const result = { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST', resultMessage: 'm' } as const;
    expect(bodyOf({ result })).toEqual({ result });
  });

  it('refuses a success that is called unfinished', () => {
    const paymentResult = { resultStatus: 'S', resultCode: 'PAYMENT_IN_PROCESS' } as const;
    expect(() => writeInquiryPaymentAnswer({ result: success, paymentResult })).toThrow(UnwritableMessage);
  });
});

describe('writeResultOnly', () => {
  it('writes the result and nothing else', () => {
    expect(writeResultOnly(success).toString()).toBe(
      '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}',
    );
  });

  it('refuses a result without a code', () => {
    expect(() => writeResultOnly({ resultStatus: 'F', resultCode: '' })).toThrow(
      'result.resultCode is missing',
    );
  });
});

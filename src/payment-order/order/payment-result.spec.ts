import { closed, PAID, UNPAYABLE } from './payment-result.js';

/** These words take part in Alipay+'s comparison of a repeated notification: changing one is a decision. */
describe('the results of an order', () => {
  it('have fixed texts', () => {
    expect(PAID).toEqual({ resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' });
    expect(UNPAYABLE).toEqual({
      resultStatus: 'F',
      resultCode: 'PROCESS_FAIL',
      resultMessage: 'the order cannot be paid',
    });
    expect((['DECLINED', 'EXPIRED', 'CANCELLED'] as const).map(closed)).toEqual([
      { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'the payer declined' },
      { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'expired without payment' },
      { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'order has been cancelled' },
    ]);
  });
});

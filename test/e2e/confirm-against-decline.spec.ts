import { startTestService, type TestService } from '../support/service/test-service.js';
import { disagreements } from '../support/service/three-books.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

const PAYMENTS = 20;

describe('confirm and decline at the same moment', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());

  it('exactly one of them wins each time, and the ledger, Alipay+ and both answers say which', async () => {
    const payments = await Promise.all(
      Array.from({ length: PAYMENTS }, (_, at) => test.app.decodedPayment(`twin:S#raced-${at}`)),
    );
    const raced = await Promise.all(
      payments.map(async (payment, at) => {
        const confirm = () => test.app.confirm(payment);
        const decline = () => test.app.decline(payment.paymentId);
        if (at % 2 === 0) {
          const [confirmed, declined] = await Promise.all([confirm(), decline()]);
          return { payment, confirmed, declined };
        }
        const [declined, confirmed] = await Promise.all([decline(), confirm()]);
        return { payment, confirmed, declined };
      }),
    );
    for (const { payment, confirmed, declined } of raced) {
      const { status } = (await test.app.read(payment.paymentId)).body;
      const isPaid = status === 'PAID';
      expect([confirmed.status, declined.status]).toEqual(isPaid ? [200, 409] : [409, 200]);
      const [winner, loser] = isPaid ? [confirmed, declined] : [declined, confirmed];
      expect(winner.body).toMatchObject({ paymentId: payment.paymentId, status });
      expect(loser.body.code).toBe('ORDER_IS_CLOSED');
    }
    for (const { paymentId } of payments) await untilNotified(test.operator, paymentId);
    expect(await disagreements(test)).toEqual([]);
  });

  it('many of both at once leave one outcome, and every repetition gets it', async () => {
    const payment = await test.app.decodedPayment('twin:S#crowd');
    const calls = Array.from({ length: 40 }, (_, at) => async () => {
      const isConfirm = at % 2 === 0;
      const answer = isConfirm ? await test.app.confirm(payment) : await test.app.decline(payment.paymentId);
      return { isConfirm, answer };
    });
    const answers = await Promise.all(calls.map((call) => call()));
    const { status } = (await test.app.read(payment.paymentId)).body;
    expect(['PAID', 'DECLINED']).toContain(status);
    for (const { isConfirm, answer } of answers) {
      const isWinner = isConfirm === (status === 'PAID');
      expect(answer.status).toBe(isWinner ? 200 : 409);
      expect(isWinner ? answer.body.status : answer.body.code).toBe(isWinner ? status : 'ORDER_IS_CLOSED');
    }
    await untilNotified(test.operator, payment.paymentId);
    expect(await disagreements(test)).toEqual([]);
  });
});

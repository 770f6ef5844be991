import { randomUUID } from 'node:crypto';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

let test: TestService;
beforeAll(async () => {
  test = await startTestService({ callsBack: true });
});
afterAll(() => test.stop());

const aPayment = (script: string, customerId?: string): Promise<Json> =>
  test.app.decodedPayment(`${script}#${randomUUID()}`, customerId);
const explain = async (paymentId: string, zone = ''): Promise<Json> => {
  const { status, body } = await test.operator.operations(`/payments/${paymentId}/explain${zone}`);
  expect(status).toBe(200);
  return body;
};
const actsIn = (list: Json[]): string[] => list.map(({ act }) => act);

describe('an explanation', () => {
  it('follows a payment from the scan to the acknowledgement', async () => {
    const payment = await aPayment('twin:S');
    const open = await explain(payment.paymentId, '?zone=Europe/Berlin');
    expect(open).toMatchObject({
      state: { status: 'AWAITING_CONFIRMATION' },
      standing: `The payer was shown ${payment.payAmount.display} and has not confirmed. No money was taken.`,
      mayDo: [{ act: 'close', effect: expect.any(String) }],
      contradictions: [],
    });
    expect(open.next[0]).toMatchObject({
      leadsTo: 'EXPIRED',
      at: payment.expiresAt,
      atLocal: expect.any(String),
    });
    await test.app.confirm(payment);
    await untilNotified(test.operator, payment.paymentId);
    const over = await explain(payment.paymentId);
    expect(over).toMatchObject({
      state: { status: 'PAID', debit: 'DEBITED', notification: 'DELIVERED' },
      mayDo: [],
    });
    expect(over.next).toMatchObject([{ by: 'alipay-plus', leadsTo: 'CANCELLED' }]);
    expect(over.evidence.map(({ source }: Json) => source)).toEqual([
      'scan',
      'payment_history',
      'payment_history',
      'debit',
      'payment_history',
      'notification',
      'notification',
    ]);
  });

  it('tells whose no it was, and that the payer may try again', async () => {
    const payment = await aPayment('twin:S', 'customer-poor');
    await test.app.confirm(payment);
    const { standing, needless } = await explain(payment.paymentId);
    expect(standing).toContain('the ledger refused (INSUFFICIENT_BALANCE)');
    expect(actsIn(needless)).toEqual(['ask-ledger', 'release']);
  });

  it('tells of a result that Alipay+ refused what may be done and what must not', async () => {
    const payment = await aPayment('twin:S;notify=F.ORDER_NOT_EXIST');
    await test.app.confirm(payment);
    await untilNotified(test.operator, payment.paymentId, 'REJECTED');
    const seen = await explain(payment.paymentId);
    expect(seen.standing).toContain('refused the result (rejected:ORDER_NOT_EXIST)');
    expect(actsIn(seen.mayDo)).toEqual(['redeliver']);
    expect(actsIn(seen.mustNot)).toEqual(['close', 'release', 'refund-by-hand', 'change-rows']);
  });

  it('tells that money is back after Alipay+ cancelled', async () => {
    const payment = await aPayment('twin:S;cancel=afterPaid');
    await test.app.confirm(payment);
    const seen = await until('the money is back', async () => {
      const body = await explain(payment.paymentId);
      return body.state.debit === 'REVERSED' && body;
    });
    expect(seen.standing).toMatch(
      /^Alipay\+ cancelled the order after .* the ledger has given the money back\./,
    );
    expect(actsIn(seen.mustNot)).toContain('refund-by-hand');
  });

  it.each([
    ['/payments/x/explain', 400, 'INVALID_REQUEST'],
    [`/payments/${randomUUID()}/explain`, 404, 'NOT_FOUND'],
  ])('of %s is refused with %i', async (path, status, code) => {
    expect(await test.operator.operations(path)).toMatchObject({ status, body: { code } });
    expect((await test.app.operations(path)).status).toBe(403);
  });
});

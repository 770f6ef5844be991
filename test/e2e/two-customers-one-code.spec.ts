import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import type { ApiAnswer, Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

const FIRST = 'customer-rich';
const SECOND = 'customer-poor';
/** Amounts too long to be in a random id by chance. */
const LONG_AMOUNT = 'pay=1234567890JPY';

describe('two customers race for one code', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());

  const refusedWithout = (answer: ApiAnswer, secrets: readonly string[]) => {
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe('REPEAT_REQ_INCONSISTENT');
    const bytes = answer.text + JSON.stringify([...answer.headers]);
    expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
  };

  const scanRows = async (customerId: string) => {
    const text = 'select scan_id as "scanId" from scan where customer_id = $1 order by created_at';
    return ask<{ scanId: string }>(test.database.url, text, [customerId]);
  };

  it('failures 2: while the first one is being asked for, the second is refused and learns nothing', async () => {
    const code = `twin:S;${LONG_AMOUNT};slow=1s#in-flight-${randomUUID()}`;
    const first = test.app.scan(code, FIRST);
    await until('the call is in flight', async () => (await test.books.order(code))?.calls === 1);
    const second = await test.app.scan(code, SECOND);
    const [held] = await scanRows(FIRST);
    refusedWithout(second, [FIRST, held?.scanId ?? 'no scan']);
    expect((await first).status).toBe(201);
    expect(await test.books.order(code)).toMatchObject({ calls: 1, customerId: FIRST });
    expect(await scanRows(SECOND)).toEqual([]);
  });

  it('failures 2: once the first has an order, the second is refused and the reply has nothing of it', async () => {
    const code = `twin:S;${LONG_AMOUNT}#decoded-${randomUUID()}`;
    const { scanId, payment } = (await test.app.scan(code, FIRST)).body;
    const second = await test.app.scan(code, SECOND);
    refusedWithout(second, secretsOf(payment, scanId));
    expect(await test.books.order(code)).toMatchObject({ calls: 1 });
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  });

  it('failures 2: at the same moment exactly one of the two gets the order', async () => {
    for (let round = 0; round < 5; round += 1) {
      const code = `twin:S;${LONG_AMOUNT};slow=50ms#together-${randomUUID()}`;
      const [one, two] = await Promise.all([test.app.scan(code, FIRST), test.app.scan(code, SECOND)]);
      expect(new Set([one.status, two.status])).toEqual(new Set([201, 409]));
      const [owner, winner, loser] = one.status === 201 ? [FIRST, one, two] : [SECOND, two, one];
      refusedWithout(loser, [owner, ...secretsOf(winner.body.payment, winner.body.scanId)]);
      expect(await test.books.order(code)).toMatchObject({ calls: 1, customerId: owner });
    }
  });

  it('failures 2: when only Alipay+ still knows of the first, its refusal is answered the same way', async () => {
    const code = `twin:S;${LONG_AMOUNT}#ended-${randomUUID()}`;
    const { scanId, payment } = (await test.app.scan(code, FIRST)).body;
    expect((await test.app.decline(payment.paymentId)).status).toBe(200);
    const second = await test.app.scan(code, SECOND);
    refusedWithout(second, secretsOf(payment, scanId));
    expect(second.body.scanId).not.toBe(scanId);
    const again = await test.app.readScan(second.body.scanId);
    refusedWithout(again, secretsOf(payment, scanId));
    const calls = await test.books.decodeCalls(code);
    expect(calls.map(({ resultCode }) => resultCode)).toEqual(['SUCCESS', 'REPEAT_REQ_INCONSISTENT']);
  });
});

describe('two codes turn out to be one order', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());

  const ordersOf = (paymentRequestId: string) =>
    ask<{ payment_value: string; customer_id: string }>(
      test.database.url,
      'select payment_value, customer_id from payment_order where payment_request_id = $1',
      [paymentRequestId],
    );

  it('the same customer gets one order under both codes, and it is debited once', async () => {
    const request = aRequest();
    const one = await test.app.scan(`twin:S;request=${request}#one`);
    const two = await test.app.scan(`twin:S;request=${request}#two`);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(two.body.scanId).not.toBe(one.body.scanId);
    expect(two.body.payment).toEqual(one.body.payment);
    const confirms = await Promise.all([one, two].map(({ body }) => test.app.confirm(body.payment)));
    expect(confirms.map(({ body }) => body.status)).toEqual(['PAID', 'PAID']);
    const seen = await untilNotified(test.operator, one.body.payment.paymentId);
    expect(seen).toMatchObject({ contentConflict: false });
    expect(seen.debits).toHaveLength(1);
    expect(await ordersOf(request)).toHaveLength(1);
  });

  it('two codes decoded at the same moment still become one order', async () => {
    const request = aRequest();
    const codes = ['a', 'b', 'c', 'd'].map((name) => `twin:S;slow=200ms;request=${request}#${name}`);
    const scans = await Promise.all(codes.map((code) => test.app.scan(code)));
    expect(scans.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(scans.map(({ body }) => body.payment.paymentId)).size).toBe(1);
    expect(await ordersOf(request)).toHaveLength(1);
  });

  it('failures 2: another customer is refused the order and learns nothing of it', async () => {
    const request = aRequest();
    const one = (await test.app.scan(`twin:S;${LONG_AMOUNT};request=${request}#owner`, FIRST)).body;
    const other = await test.app.scan(`twin:S;request=${request}#thief`, SECOND);
    expect(other.status).toBe(409);
    expect(other.body.code).toBe('REPEAT_REQ_INCONSISTENT');
    expect(secretsOf(one.payment, one.scanId).filter((secret) => other.text.includes(secret))).toEqual([]);
    expect(await ordersOf(request)).toMatchObject([{ customer_id: FIRST }]);
    expect((await test.app.confirm(one.payment)).body.status).toBe('PAID');
    await untilNotified(test.operator, one.payment.paymentId);
  });

  it('an order with a different content the second time keeps its first content and is flagged', async () => {
    const request = aRequest();
    const one = await test.app.scan(`twin:S;pay=1000JPY;request=${request}#first-content`);
    const two = await test.app.scan(`twin:S;pay=9000JPY;request=${request}#other-content`);
    expect(two.status).toBe(201);
    expect(two.body.payment.paymentAmount.value).toBe('1000');
    expect(two.body.payment.payAmount).toEqual(one.body.payment.payAmount);
    const { paymentId } = one.body.payment;
    const seen = await test.operator.operations(`/payments/${paymentId}`);
    expect(seen.body.contentConflict).toBe(true);
    expect(seen.body.timeline.map(({ what }: Json) => what)).toContain('DECODED_DIFFERENTLY');
    expect(await ordersOf(request)).toEqual([{ payment_value: '1000', customer_id: FIRST }]);
    expect((await test.app.confirm(one.body.payment)).body.status).toBe('PAID');
  });
});

const aRequest = (): string => `R-${randomUUID()}`;

/** Everything in the first customer's answer that only they may know. */
function secretsOf(payment: Json, scanId: string): string[] {
  return [
    scanId,
    payment.paymentId,
    payment.paymentRequestId,
    payment.payAmount.value,
    payment.payAmount.display,
    payment.payToAmount.value,
    payment.paymentAmount.display,
    payment.order.referenceOrderId,
    payment.merchant.name,
    payment.exchangeRate.quoteId,
    payment.exchangeRate.quotePrice,
  ];
}

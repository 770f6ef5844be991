import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { disagreements } from '../support/service/three-books.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

describe("the database's clock decides what is too late, whatever the clock of the process says (failures 21)", () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterEach(() => setClock('clock_timestamp()'));
  afterAll(() => test.stop());

  /** Sets `db_now()`; the clocks of the processes go on as before. */
  const setClock = (expression: string) =>
    ask(
      test.database.url,
      `create or replace function db_now() returns timestamptz language sql volatile parallel safe
       as $$ select ${expression} $$`,
    );

  const stopClockAt = async (time: string, offsetMs: number) => {
    const at = new Date(Date.parse(time) + offsetMs).toISOString();
    // A process that finds the records unseen for an hour asks the ledger about every order; this clock never reaches
    // that.
    await ask(test.database.url, 'update record_watch set seen_at = $1', [at]);
    await setClock(`'${at}'::timestamptz`);
  };

  const debitsOf = (paymentId: string) =>
    ask(
      test.database.url,
      `select 1 from ledger_movement m join debit d on m.key = d.debit_id::text
       where d.payment_id = $1 and m.kind = 'DEBIT'`,
      [paymentId],
    );

  it.each([0, 1, 1_000])('failures 12: %i ms after its expiry an order is not debited', async (offsetMs) => {
    const payment = await test.app.decodedPayment(`twin:S;expire=1h#${randomUUID()}`);
    await stopClockAt(payment.expiresAt, offsetMs);
    const answer = await test.app.confirm(payment);
    expect([answer.status, answer.body.code]).toEqual([409, 'ORDER_EXPIRED']);
    await untilNotified(test.operator, payment.paymentId);
    expect(await debitsOf(payment.paymentId)).toEqual([]);
    expect((await test.app.read(payment.paymentId)).body.status).toBe('EXPIRED');
  });

  it('failures 12: a minute before its expiry an order is debited', async () => {
    const payment = await test.app.decodedPayment(`twin:S;expire=1h#${randomUUID()}`);
    await stopClockAt(payment.expiresAt, -60_000);
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    await untilNotified(test.operator, payment.paymentId);
  });

  it('failures 12: one ms before its expiry it is either paid or expired, and the ledger says the same', async () => {
    const payment = await test.app.decodedPayment(`twin:S;expire=1h#${randomUUID()}`);
    await stopClockAt(payment.expiresAt, -1);
    const answer = await test.app.confirm(payment);
    const isPaid = answer.status === 200;
    expect(isPaid ? answer.body.status : answer.body.code).toBe(isPaid ? 'PAID' : 'ORDER_EXPIRED');
    expect(await debitsOf(payment.paymentId)).toHaveLength(isPaid ? 1 : 0);
    await untilNotified(test.operator, payment.paymentId);
  });

  it.each([0, 1])('failures 13: %i ms after its quote ran out an order is not debited', async (offsetMs) => {
    const payment = await test.app.decodedPayment(`twin:S;expire=2h;quoteExpire=1h#${randomUUID()}`);
    await stopClockAt(payment.quoteExpiresAt, offsetMs);
    const answer = await test.app.confirm(payment);
    expect([answer.status, answer.body.code]).toEqual([409, 'QUOTE_EXPIRED']);
    expect(await debitsOf(payment.paymentId)).toEqual([]);
    expect((await test.app.decline(payment.paymentId)).status).toBe(200);
    await untilNotified(test.operator, payment.paymentId);
  });

  it('failures 13: a minute before its quote runs out an order is debited, with that quote', async () => {
    const payment = await test.app.decodedPayment(`twin:S;expire=2h;quoteExpire=1h#${randomUUID()}`);
    await stopClockAt(payment.quoteExpiresAt, -60_000);
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    const text = 'select quote_id as "quoteId" from debit where payment_id = $1';
    expect(await ask(test.database.url, text, [payment.paymentId])).toEqual([
      { quoteId: payment.exchangeRate.quoteId },
    ]);
    await untilNotified(test.operator, payment.paymentId);
  });

  it.each([
    ['expire=1h', 'ORDER_EXPIRED', 'expiresAt'],
    ['expire=2h;quoteExpire=1h', 'QUOTE_EXPIRED', 'quoteExpiresAt'],
  ] as const)(
    'a code of twin:S;%s that is scanned again too late is refused as %s, and does not lead in a circle',
    async (script, code, limit) => {
      const orderCode = `twin:S;${script}#${randomUUID()}`;
      const payment = await test.app.decodedPayment(orderCode);
      await stopClockAt(payment[limit], 0);
      const { paymentId } = payment;
      expect(await test.app.scan(orderCode)).toMatchObject({ status: 409, body: { code, paymentId } });
      await test.app.decline(paymentId);
      await untilNotified(test.operator, paymentId);
    },
  );

  it('after all of this our books, the ledger and Alipay+ agree', async () => {
    expect(await disagreements(test)).toEqual([]);
  });
});

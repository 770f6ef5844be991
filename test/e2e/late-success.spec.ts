import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import { CONFUSIONS, type ConfusedLedger } from '../support/ledgers/confused-ledger.js';
import { startConfusedService, type ConfusedService } from '../support/ledgers/confused-service.js';
import { ownerOf } from '../support/ledgers/memory-books.js';
import type { Json } from '../support/service/api-client.js';
import type { TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(180_000);

const BALANCE = 10n ** 9n;
const HALF_PAST_MIDNIGHT = /T00:30:00\.000\+08:00$/;

/** The wallet's core takes the money at once; that is known only when it answers properly again. */
describe('a success that comes too late (failures 16)', () => {
  let confused: ConfusedService;
  let core: ConfusedLedger;
  let test: TestService;
  beforeAll(async () => {
    confused = await startConfusedService({ NOTIFY_SCHEDULE_MS: '200' });
    ({ core, test } = confused);
  });
  beforeEach(() => {
    core.kept.open('customer-rich', 'HKD', BALANCE);
    core.confusion = undefined;
  });
  afterAll(() => confused.stop());

  const balance = () => core.kept.balances.get(ownerOf('customer-rich', 'HKD'));
  const seen = async (payment: Json): Promise<Json> =>
    (await test.operator.operations(`/payments/${payment.paymentId}`)).body;
  const untilEnd = (payment: Json, status: string, debit: string) =>
    until(`the order is ${status} and its debit ${debit}`, async () => {
      const now = await seen(payment);
      return now.status === status && now.debits.at(-1)?.status === debit && now;
    });
  const untilOver = (payment: Json) =>
    until('the time of the order is over', async () => {
      const [row] = await ask<{ over: boolean }>(test.database.url, 'select db_now() > $1 as over', [
        payment.expiresAt,
      ]);
      return row?.over === true;
    });

  async function doubted(script: string): Promise<Json> {
    const payment = await test.app.decodedPayment(`${script}#${randomUUID()}`);
    core.confusion = CONFUSIONS['http_status_500'];
    const confirmed = await test.app.confirm(payment);
    expect([confirmed.status, confirmed.body.status]).toEqual([202, 'DEBITING']);
    return payment;
  }

  async function expectBackOnce(payment: Json): Promise<void> {
    const { debits, timeline } = await untilEnd(payment, 'CANCELLED', 'REVERSED');
    expect(debits).toHaveLength(1);
    expect(debits[0].reversalDueAtUtc8).toMatch(HALF_PAST_MIDNIGHT);
    expect(timeline.filter(({ what }: Json) => what === 'REVERSED')).toHaveLength(1);
    expect(balance()).toBe(BALANCE);
    const { answer } = await test.books.inquire(payment.paymentRequestId);
    expect(answer.paymentResult).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
  }

  it('of the decode: an order that is over by the time its code is known is never debited', async () => {
    const over = encodeURIComponent(JSON.stringify('2026-03-01T12:00:00+08:00'));
    const code = `twin:U,U,S;set=paymentExpiryTime:${over}#${randomUUID()}`;
    const { body } = await test.app.scanUntilDecided(code);
    const confirmed = await test.app.confirm(body.payment);
    expect(confirmed.status).toBe(409);
    const { status, debits } = await untilNotified(test.operator, body.payment.paymentId);
    expect([status, debits]).toEqual(['EXPIRED', []]);
    expect(balance()).toBe(BALANCE);
    const { answer } = await test.books.inquire(body.payment.paymentRequestId);
    expect(answer.paymentResult).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
  });

  it('of the debit: taken in time and known after the expiry it is paid, and goes back when Alipay+ cancels', async () => {
    const payment = await doubted('twin:S;expire=4s');
    await untilOver(payment);
    expect((await seen(payment)).status).toBe('DEBITING');
    core.confusion = undefined;
    await untilEnd(payment, 'PAID', 'DEBITED');
    expect(balance()).not.toBe(BALANCE);
    expect(await test.books.cancel(payment.paymentRequestId)).toMatchObject({ resultStatus: 'S' });
    await expectBackOnce(payment);
  });

  it('of the debit: cancelled after the expiry while it is not known, it goes back when it settles', async () => {
    const payment = await doubted('twin:S;expire=4s');
    await untilOver(payment);
    expect(await test.books.cancel(payment.paymentRequestId)).toMatchObject({ resultStatus: 'S' });
    expect((await seen(payment)).debits).toMatchObject([{ status: 'IN_DOUBT' }]);
    core.confusion = undefined;
    await expectBackOnce(payment);
    const { notification } = await untilNotified(test.operator, payment.paymentId);
    expect(notification.status).toBe('DELIVERED');
  });

  it('of the debit: cancelled in time while it is not known, it goes back when it settles', async () => {
    const payment = await doubted('twin:S');
    expect(await test.books.cancel(payment.paymentRequestId)).toMatchObject({ resultStatus: 'S' });
    expect(await seen(payment)).toMatchObject({ status: 'DEBITING', debits: [{ status: 'IN_DOUBT' }] });
    core.confusion = undefined;
    await expectBackOnce(payment);
  });

  it('of the result: refused as closed it is shown with the time a cancel is expected by, and then goes back', async () => {
    const payment = await test.app.decodedPayment(`twin:S;notify=F.ORDER_IS_CLOSED#${randomUUID()}`);
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    const paid = await untilNotified(test.operator, payment.paymentId, 'REJECTED');
    expect(paid.debits[0].cancelDueAtUtc8).toMatch(HALF_PAST_MIDNIGHT);
    const alarms = test.log.map((line): Json => JSON.parse(line)).filter(({ alarm }) => alarm === true);
    expect(alarms.filter(({ paymentId }) => paymentId === payment.paymentId)).toMatchObject([
      { event: 'notification.rejected', moneyHeld: true },
    ]);
    const { body } = await test.operator.operations(`/payments/${payment.paymentId}/explain`);
    expect(body.next[0]).toMatchObject({ by: 'alipay-plus', at: paid.debits[0].cancelDueAt });
    expect(await test.books.cancel(payment.paymentRequestId)).toMatchObject({ resultStatus: 'S' });
    await expectBackOnce(payment);
  });
});

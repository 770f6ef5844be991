import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import { setDatabaseClock } from '../support/database/database-clock.js';
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

const paid = async (code: string): Promise<Json> => {
  const payment = await test.app.decodedPayment(code);
  expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  return payment;
};
const view = async (paymentId: string): Promise<Json> =>
  (await test.operator.operations(`/payments/${paymentId}`)).body;
const attemptsIn = (seen: Json): Json[] => seen.timeline.filter(({ what }: Json) => what === 'NOTIFIED');
const logged = (event: string, paymentId: string): Json[] =>
  test.log
    .map((line) => JSON.parse(line))
    .filter((line) => line.event === event && line.paymentId === paymentId);

describe('the record of each attempt', () => {
  it('failures 10: has status or error, the start of the answer without secrets, the duration, and who requested it', async () => {
    const { paymentId } = await paid(`twin:S;notify=500,200html,drop,huge,S#${randomUUID()}`);
    const attempts = attemptsIn(await untilNotified(test.auditor, paymentId));
    expect(attempts).toMatchObject([
      { attempt: 1, httpStatus: 500, reason: 'http_status', ms: expect.any(Number), requestedBy: 'schedule' },
      { attempt: 2, httpStatus: 200, messages: { answer: expect.stringContaining('<!doctype html>') } },
      { attempt: 3, reason: 'network_error' },
      { attempt: 4, reason: 'oversized', messages: { answer: expect.any(String) } },
      {
        attempt: 5,
        httpStatus: 200,
        outcome: 'accepted',
        messages: { answer: expect.stringContaining('"resultStatus":"S"') },
      },
    ]);
    expect(attempts[2]).not.toHaveProperty('httpStatus');
    for (const { messages } of attempts)
      expect(Buffer.byteLength(messages.answer ?? '')).toBeLessThanOrEqual(2_048);
  });
});

describe('an inquiry', () => {
  it('failures 23: that got the final result is shown beside the undelivered notification', async () => {
    const payment = await paid(`twin:S;notify=U#${randomUUID()}`);
    expect(await view(payment.paymentId)).not.toHaveProperty('inquiries');
    await test.books.inquire(payment.paymentRequestId);
    await test.books.inquire(payment.paymentRequestId);
    const seen = await until('both are written down', async () => {
      const body = await view(payment.paymentId);
      return body.inquiries?.asked === 2 && body;
    });
    expect(seen.notification.status).toBe('PENDING');
    expect(seen.inquiries).toMatchObject({
      lastPaymentStatus: 'S',
      lastPaymentCode: 'SUCCESS',
      finalSince: expect.any(String),
      lastAskedAt: expect.any(String),
    });
  });
});

describe('the metrics', () => {
  it('have outcomes, reasons, ends and ages by the hosts of the allow-list', async () => {
    const delivered = await paid(`twin:S;notify=U,S#${randomUUID()}`);
    await untilNotified(test.operator, delivered.paymentId);
    const rejected = await paid(`twin:S;notify=F.ORDER_NOT_EXIST#${randomUUID()}`);
    await untilNotified(test.operator, rejected.paymentId, 'REJECTED');
    // Of an order made before its host was removed from the list.
    const parked = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    const move = 'update payment_order set notify_url = $2 where payment_id = $1';
    await ask(test.database.url, move, [parked.paymentId, `https://${randomUUID()}.example/`]);
    await test.app.confirm(parked);
    await untilNotified(test.operator, parked.paymentId, 'PARKED');
    const { text } = await test.app.raw('/metrics', {});
    const host = `host="${new URL(test.twin.url).host}"`;
    for (const line of [
      `notification_attempts_total{${host},outcome="accepted",reason="acknowledged"}`,
      `notification_attempts_total{${host},outcome="unknown",reason="result_unknown"}`,
      `notification_attempts_total{${host},outcome="rejected",reason="ORDER_NOT_EXIST"}`,
      `notification_delivered_total{${host}}`,
      `notification_undelivered_total{${host},status="REJECTED",reason="ORDER_NOT_EXIST"} 1`,
      `notification_undelivered_total{host="other",status="PARKED",reason="host_not_allowed"} 1`,
      `notification_delivery_attempts_count{${host}}`,
      `notification_retries_total{${host}}`,
      `notification_oldest_undelivered_seconds{${host},status="PENDING"}`,
      'notification_oldest_undelivered_seconds{host="other",status="PARKED"}',
    ])
      expect(text).toContain(line);
    const oldest = /oldest_undelivered_seconds\{host="127[^"]+",status="REJECTED"\} (\S+)/.exec(text)?.[1];
    expect(Number(oldest)).toBeGreaterThan(0);
  });
});

describe('the guard of the frozen body', () => {
  it('failures 11: a body that differs from the frozen one is not sent, and both hashes are shown', async () => {
    const code = `twin:S;notify=drop,drop,drop,S#${randomUUID()}`;
    const payment = await test.app.decodedPayment(code);
    await ask(test.database.url, 'alter table notification disable trigger notification_frozen_tr');
    try {
      // The row is changed when it is inserted, as a fault in the database or a change by hand would.
      await ask(
        test.database.url,
        `create function spoil() returns trigger language plpgsql as $$ begin
           if new.payment_id = '${payment.paymentId}' then new.body = new.body || '\\x20'::bytea; end if;
           return new; end $$;
         create trigger spoil_tr before insert on notification for each row execute function spoil()`,
      );
      expect((await test.app.confirm(payment)).body.status).toBe('PAID');
      const seen = await untilNotified(test.operator, payment.paymentId, 'PARKED');
      expect(seen.notification).toMatchObject({ tries: 0, lastOutcome: 'body_differs_from_frozen' });
      expect((await test.books.order(code)).notificationCount).toBe(0);
      const [alarm] = logged('notification.parked', payment.paymentId);
      expect(alarm).toMatchObject({ alarm: true, frozenSha256: seen.notification.bodySha256 });
      expect(alarm.foundSha256).toMatch(/^[0-9a-f]{64}$/);
      expect(alarm.foundSha256).not.toBe(alarm.frozenSha256);
    } finally {
      await ask(test.database.url, 'drop trigger spoil_tr on notification');
    }
  });
});

describe('a worker that dies between sending and recording', () => {
  it('sends the identical body again, and one delivery is recorded', async () => {
    const code = `twin:S#${randomUUID()}`;
    const payment = await test.app.decodedPayment(code);
    // The connection is cut while the outcome is written, after Alipay+ has acknowledged.
    await ask(
      test.database.url,
      `create function cut() returns trigger language plpgsql as $$ begin
         perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
       create trigger cut_tr before insert on notification_attempt for each row
         when (new.payment_id = '${payment.paymentId}') execute function cut()`,
    );
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    await until('it was acknowledged once', async () => (await test.books.order(code)).acknowledged);
    await until('nothing of it was recorded', () =>
      test.log.some((line) => line.includes('"work.failed"') && line.includes(payment.paymentId)),
    );
    expect((await view(payment.paymentId)).notification).toMatchObject({ status: 'PENDING', tries: 0 });
    await ask(test.database.url, 'drop trigger cut_tr on notification_attempt');
    // The lease of the dead worker ends.
    await setDatabaseClock(test.database.url, `clock_timestamp() + interval '1 minute'`);
    try {
      const seen = await untilNotified(test.operator, payment.paymentId);
      expect(attemptsIn(seen)).toMatchObject([{ attempt: 1, outcome: 'accepted' }]);
      const order = await test.books.order(code);
      expect(order.notificationCount).toBe(2);
      const bodies = order.notifications.map((told: Json) => told.bodySha256);
      expect(bodies).toEqual([seen.notification.bodySha256, seen.notification.bodySha256]);
    } finally {
      await setDatabaseClock(test.database.url, 'clock_timestamp()');
    }
  });
});

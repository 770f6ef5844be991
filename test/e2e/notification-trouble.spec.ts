import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../support/database/ask.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

const NOTIFY = '/aps/api/v1/payments/notifyPayment';

const paid = async (test: TestService, code: string): Promise<Json> => {
  const payment = await test.app.decodedPayment(code);
  expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  return payment;
};

const attemptsIn = (seen: Json): Json[] => seen.timeline.filter(({ what }: Json) => what === 'NOTIFIED');

const alarms = (test: TestService, event: string, paymentId: string): Json[] =>
  test.log
    .map((line) => JSON.parse(line))
    .filter((line) => line.event === event && line.paymentId === paymentId && line.alarm === true);

describe('a notification that is not acknowledged', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService({ environment: { ALIPAYPLUS_NOTIFY_TIMEOUT_MS: '2000' } });
  });
  afterAll(() => test.stop());

  it.each([
    ['failures 9: U', 'U', { outcome: 'unknown', reason: 'result_unknown' }],
    ['failures 9: F PROCESS_FAIL', 'F.PROCESS_FAIL', { outcome: 'rejected', resultCode: 'PROCESS_FAIL' }],
    ['HTTP 500', '500', { outcome: 'unknown', reason: 'http_status', httpStatus: 500 }],
    ['an S after our patience', 'slow:5s', { outcome: 'unknown', reason: 'timeout' }],
    ['failures 10: a page of HTML with 200', '200html', { outcome: 'unknown', httpStatus: 200 }],
    ['failures 10: an S without a signature', 'unsigned', { outcome: 'unknown', reason: 'unsigned' }],
    ['failures 10: an S with a wrong signature', 'badsig', { outcome: 'unknown', reason: 'bad_signature' }],
    ['failures 10: an S followed by megabytes', 'huge', { outcome: 'unknown', reason: 'oversized' }],
    ['failures 10: an empty answer', 'empty', { outcome: 'unknown', reason: 'unreadable' }],
    ['failures 10: an answer that is no JSON', 'garbage', { outcome: 'unknown', reason: 'unreadable' }],
    ['a dropped connection', 'drop', { outcome: 'unknown', reason: 'network_error' }],
    ['a redirect', 'redirect', { outcome: 'unknown', reason: 'redirect', httpStatus: 307 }],
  ])(
    '%s does not count as delivered; the same bytes go out again until S',
    async (_what, answer, evidence) => {
      const code = `twin:S;notify=${answer},S#${randomUUID()}`;
      const payment = await paid(test, code);
      const seen = await untilNotified(test.operator, payment.paymentId);
      expect(seen.notification).toMatchObject({ tries: 2, lastOutcome: expect.stringMatching(/^accepted/) });
      const attempts = attemptsIn(seen);
      expect(attempts).toMatchObject([
        { attempt: 1, requestedBy: 'schedule', ...evidence },
        { attempt: 2, requestedBy: 'schedule', outcome: 'accepted', resultCode: 'SUCCESS' },
      ]);
      const order = await test.books.order(code);
      expect(order).toMatchObject({ acknowledgedResult: 'S', notificationCount: 2 });
      const bodies = order.notifications.map((told: Json) => told.bodySha256);
      expect(bodies).toEqual([seen.notification.bodySha256, seen.notification.bodySha256]);
      expect((await test.app.read(payment.paymentId)).body.notification.status).toBe('DELIVERED');
    },
  );

  it.each(['unsigned', 'F.PROCESS_FAIL', '200html'])(
    'failures 9, 10: %s for ever is never delivered; each try carries the same body under a new signature',
    async (answer) => {
      const code = `twin:S;notify=${answer}#${randomUUID()}`;
      const payment = await paid(test, code);
      const order = await until('it was sent in two different seconds', async () => {
        const found = await test.books.order(code);
        const times = new Set(found.notifications.map((told: Json) => told.requestTime));
        return times.size > 1 && found.notificationCount > 3 && found;
      });
      expect(new Set(order.notifications.map((told: Json) => told.bodySha256)).size).toBe(1);
      const calls = await test.books.calls(`?path=${encodeURIComponent(NOTIFY)}`);
      const ours = calls.filter((call: Json) => call.paymentRequestId === payment.paymentRequestId);
      expect(ours.filter((call: Json) => !call.signatureValid)).toEqual([]);
      expect(order.acknowledged).toBe(false);
      expect((await test.app.read(payment.paymentId)).body.notification.status).toBe('PENDING');
      const seen = await test.operator.operations(`/payments/${payment.paymentId}`);
      expect(attemptsIn(seen.body).filter(({ outcome }) => outcome === 'accepted')).toEqual([]);
    },
  );

  it.each(['REPEAT_REQ_INCONSISTENT', 'ORDER_NOT_EXIST'])(
    'failures 9: F %s ends it as REJECTED with an alarm, and it is not sent again',
    async (resultCode) => {
      const code = `twin:S;notify=F.${resultCode}#${randomUUID()}`;
      const payment = await paid(test, code);
      const seen = await untilNotified(test.operator, payment.paymentId, 'REJECTED');
      expect(attemptsIn(seen)).toMatchObject([{ attempt: 1, outcome: 'rejected', resultCode }]);
      expect(alarms(test, 'notification.rejected', payment.paymentId)).toMatchObject([{ moneyHeld: true }]);
      // The whole schedule has passed for a notification that was sent later.
      const control = await paid(test, `twin:S;notify=U,U,U,U,S#${randomUUID()}`);
      await untilNotified(test.operator, control.paymentId);
      expect(await test.books.order(code)).toMatchObject({ notificationCount: 1, acknowledged: false });
      expect((await test.app.read(payment.paymentId)).body).toMatchObject({
        status: 'PAID',
        notification: { status: 'REJECTED' },
      });
    },
  );

  it('failures 23: at the end of its time it is parked with an alarm instead of dropped or sent on', async () => {
    const payment = await paid(test, `twin:S;notify=500#${randomUUID()}`);
    await until('it was tried', async () => {
      const { body } = await test.operator.operations(`/payments/${payment.paymentId}`);
      return body.notification.tries > 0;
    });
    const clock = (expression: string) =>
      ask(
        test.database.url,
        `create or replace function db_now() returns timestamptz language sql volatile parallel safe
         as $$ select ${expression} $$`,
      );
    await clock(`clock_timestamp() + interval '3 days'`);
    try {
      const seen = await untilNotified(test.operator, payment.paymentId, 'PARKED');
      expect(seen.notification.lastOutcome).toBe('not_acknowledged_in_time');
      expect(alarms(test, 'notification.parked', payment.paymentId)).toHaveLength(1);
    } finally {
      await clock('clock_timestamp()');
    }
  });
});

describe('Alipay+ cannot be reached for a while', () => {
  it('failures 7: what was paid meanwhile is told when it is back, each result once acknowledged', async () => {
    const test = await startTestService();
    try {
      const payments = await Promise.all(
        Array.from({ length: 10 }, (_, at) => test.app.decodedPayment(`twin:S#outage-${at}`)),
      );
      await test.books.behave({ down: true });
      const confirms = await Promise.all(payments.map((payment) => test.app.confirm(payment)));
      expect(confirms.map(({ body }) => body.status)).toEqual(Array(10).fill('PAID'));
      // Not all of them: once the host is known to be down, only one at a time is sent as a probe.
      await until('some were tried in vain', async () => {
        const text = `select 1 from notification where tries > 0 and status = 'PENDING'`;
        return (await ask(test.database.url, text)).length > 0;
      });
      await test.books.behave({ down: false });
      for (const { paymentId } of payments) await untilNotified(test.operator, paymentId);
      expect(await disagreements(test)).toEqual([]);
    } finally {
      await test.stop();
    }
  });
});

describe('a paymentNotifyUrl that is not allowed', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService({ environment: { ALIPAYPLUS_NOTIFY_HOSTS: 'only.example.com' } });
  });
  afterAll(() => test.stop());

  it('failures 23: is found before anybody pays, and the host is never called', async () => {
    const payment = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    expect(payment).toMatchObject({
      status: 'FAILED',
      heldReason: 'NOT_PAYABLE: paymentNotifyUrl may not be called (not_https)',
    });
    const seen = await untilNotified(test.operator, payment.paymentId, 'PARKED');
    expect(seen.notification).toMatchObject({ tries: 0, lastOutcome: 'not_https' });
    expect(attemptsIn(seen)).toEqual([]);
    expect(alarms(test, 'notification.parked', payment.paymentId)).toHaveLength(1);
    expect(await test.books.calls(`?path=${encodeURIComponent(NOTIFY)}`)).toEqual([]);
    expect((await test.app.read(payment.paymentId)).body.notification.status).toBe('PARKED');
  });

  const BAD_ADDRESSES = [
    ['another host', () => 'https://evil.example/notify', 'host_not_allowed'],
    ['the allowed host as a mere part', () => 'https://only.example.com.evil.example/', 'host_not_allowed'],
    ['another port', () => 'https://only.example.com:8443/notify', 'host_not_allowed'],
    ['a user in the address', () => 'https://me:pw@only.example.com/notify', 'credentials_in_url'],
    ['the allowed host without TLS', () => 'http://only.example.com/notify', 'not_https'],
    ['a port of this machine', (port: number) => `http://127.0.0.1:${port}/notify`, 'not_https'],
    ['this machine under another name', (port: number) => `https://localhost:${port}/`, 'host_not_allowed'],
  ] as const;

  it.each(BAD_ADDRESSES)('failures 23: %s is refused at the decode', async (_what, urlFor, why) => {
    const url = encodeURIComponent(JSON.stringify(urlFor(1)));
    const payment = await test.app.decodedPayment(`twin:S;set=paymentNotifyUrl:${url}#${randomUUID()}`);
    expect(payment).toMatchObject({
      status: 'FAILED',
      heldReason: `NOT_PAYABLE: paymentNotifyUrl may not be called (${why})`,
    });
  });

  it.each(BAD_ADDRESSES)('failures 23: %s of an older order is refused again', async (_what, urlFor, why) => {
    const listener = await startListener();
    const allowed = encodeURIComponent('"https://only.example.com/notify"');
    try {
      const payment = await test.app.decodedPayment(`twin:S;set=paymentNotifyUrl:${allowed}#${randomUUID()}`);
      await ask(test.database.url, 'update payment_order set notify_url = $2 where payment_id = $1', [
        payment.paymentId,
        urlFor(listener.port),
      ]);
      expect((await test.app.confirm(payment)).body.status).toBe('PAID');
      const seen = await untilNotified(test.operator, payment.paymentId, 'PARKED');
      expect(seen.notification).toMatchObject({ tries: 0, lastOutcome: why });
      expect(listener.connections()).toBe(0);
    } finally {
      await listener.close();
    }
  });
});

/** A server that must not be called. */
async function startListener() {
  let connections = 0;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

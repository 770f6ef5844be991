import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import { setDatabaseClock } from '../support/database/database-clock.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(240_000);

const SCHEDULE_MS = [2_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];
const DAY_MS = 24 * 3_600_000;

/**
 * The number of calls that the schedule allows in a window: one at once, and one after each wait that ends inside it.
 */
function scheduledCalls(windowMs: number): number {
  let calls = 1;
  let atMs = SCHEDULE_MS[0] ?? 0;
  while (atMs < windowMs) {
    atMs += SCHEDULE_MS[Math.min(calls, SCHEDULE_MS.length - 1)] ?? 0;
    calls += 1;
  }
  return calls;
}

describe('Alipay+ is away for a whole day', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService({
      environment: {
        NOTIFY_SCHEDULE_MS: SCHEDULE_MS.join(','),
        NOTIFY_JITTER_PERCENT: '0',
        // Its pauses are by the clock of this machine, while the test moves only that of the database.
        NOTIFY_BREAKER_FAILURES: '10000',
        NOTIFY_BREAKER_WINDOW: '10000',
        SWEEP_INTERVAL_MS: '50',
        SWEEP_GRACE_MS: '0',
      },
    });
  });
  afterAll(() => test.stop());

  it('failures 23: it is called as often as scheduled, parked at 08:00 with an alarm, then redelivered as it was', async () => {
    // One second after the last 08:00 at UTC+8, so that the window is a day less a second.
    const startedAt = Math.floor(Date.now() / DAY_MS) * DAY_MS + 1_000;
    await freeze(new Date(startedAt).toISOString());
    const code = `twin:S#${randomUUID()}`;
    const payment = await test.app.decodedPayment(code);
    await test.books.behave({ everyNotification: '500' });
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');

    for (;;) {
      const row = await settledRow(payment.paymentId);
      if (row.status !== 'PENDING') break;
      await freeze(row.next);
    }
    const seen = (await test.operator.operations(`/payments/${payment.paymentId}`)).body;
    expect(seen.notification).toMatchObject({
      status: 'PARKED',
      lastOutcome: 'not_acknowledged_in_time',
      tries: scheduledCalls(DAY_MS - 1_000),
      givesUpAt: new Date(startedAt - 1_000 + DAY_MS).toISOString(),
    });
    expect(seen.notification.tries).toBeGreaterThan(140);
    expect(alarms('notification.parked', payment.paymentId)).toHaveLength(1);
    const raised = alarms('notification.undelivered', payment.paymentId).map(({ threshold }) => threshold);
    expect(raised).toEqual(['ten_tries', 'before_clearing', 'before_the_end']);
    expect(seen.notification.alarms.map(({ threshold }: Json) => threshold)).toEqual(raised);
    const attempts = seen.timeline.filter(({ what }: Json) => what === 'NOTIFIED');
    expect(attempts.map(({ attempt }: Json) => attempt)).toEqual(
      Array.from({ length: seen.notification.tries }, (_, at) => at + 1),
    );

    await test.books.behave({ everyNotification: null });
    const path = `/v1/operations/payments/${payment.paymentId}/redeliver`;
    expect((await test.operator.send('POST', path, { reason: 'Alipay+ is back' })).status).toBe(202);
    const delivered = await untilNotified(test.operator, payment.paymentId);
    expect(delivered.notification.tries).toBe(seen.notification.tries + 1);
    const order = await test.books.order(code);
    expect(order.acknowledgedResult).toBe('S');
    const bodies = order.notifications.map((told: Json) => told.bodySha256);
    expect(new Set(bodies)).toEqual(new Set([seen.notification.bodySha256]));
  });

  const freeze = (time: string) => setDatabaseClock(test.database.url, `timestamptz '${time}'`);

  /** The row once nothing moves any more until the clock does. */
  const settledRow = (paymentId: string): Promise<{ status: string; next: string }> =>
    until('its try is over', async () => {
      const [row] = await ask<{ status: string; next: string }>(
        test.database.url,
        `select status, next_attempt_at::text as next from notification
         where payment_id = $1 and lease_until is null and (status <> 'PENDING' or next_attempt_at > db_now())`,
        [paymentId],
      );
      return row;
    });

  const alarms = (event: string, paymentId: string): Json[] =>
    test.log
      .map((line) => JSON.parse(line))
      .filter((line) => line.event === event && line.paymentId === paymentId && line.alarm === true);
});

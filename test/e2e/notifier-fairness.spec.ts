import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../support/database/ask.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

const WAITING = 3_000;
const LIVE = 15;
/** First come, first served would deliver those of the healthy host after WAITING calls of the dead one. */
const CALLS_MEANWHILE = WAITING / 20;

describe.each([
  [
    'a dead host is left alone',
    { NOTIFY_BREAKER_FAILURES: '10', NOTIFY_BREAKER_WINDOW: '10', NOTIFY_BREAKER_OPEN_MS: '60000' },
  ],
  ['a slow host is never left alone', { NOTIFY_BREAKER_FAILURES: '10000', NOTIFY_BREAKER_WINDOW: '10000' }],
])('thousands of notifications wait for one host; %s', (_what, breaker) => {
  let test: TestService;
  let dead: Awaited<ReturnType<typeof startSilentHost>>;
  beforeAll(async () => {
    dead = await startSilentHost();
    test = await startTestService({
      otherNotifyHosts: [dead.host],
      // The usual time-out: on a busy machine the healthy host takes a second or two. An unknown outcome is tried again
      // only after a minute, so that those of the dead host come due once. They are copied from row to row unsealed,
      // because sealed bytes belong to their row.
      environment: { NOTIFY_SCHEDULE_MS: '60000', DATA_KEYS_FILE: '', ...breaker },
    });
  });
  afterAll(async () => {
    // Closed first: otherwise the service waits for the end of each call under way.
    await dead.close();
    await test.stop();
  });

  /** From the payers' confirms until Alipay+ has acknowledged every one. */
  const deliver = async (): Promise<void> => {
    const payments = await Promise.all(
      Array.from({ length: LIVE }, () => test.app.decodedPayment(`twin:S#${randomUUID()}`)),
    );
    await Promise.all(payments.map((payment) => test.app.confirm(payment)));
    const ids = payments.map(({ paymentId }) => paymentId);
    await until('all are acknowledged', async () => {
      const text = `select 1 from notification where payment_id = any($1) and status = 'DELIVERED'`;
      return (await ask(test.database.url, text, [ids])).length === LIVE;
    });
  };

  it('failures 23: those for another host are delivered as if nothing waited, and no try is burned', async () => {
    await deliver(); // leaves an order to copy
    await waitFor(`http://${dead.host}/notify`);
    await until('the dead host is being called', () => dead.calls() >= 4);
    await deliver();
    expect(dead.calls()).toBeLessThan(CALLS_MEANWHILE);

    const [sum] = await ask<{ tries: number; attempts: number; pending: number }>(
      test.database.url,
      `select sum(tries)::int as tries, count(*) filter (where status = 'PENDING')::int as pending,
         (select count(*)::int from notification_attempt a join notification n using (payment_id)
          where n.url like $1) as attempts
       from notification where url like $1`,
      [`http://${dead.host}%`],
    );
    expect(sum?.pending).toBe(WAITING);
    expect(sum?.tries).toBe(sum?.attempts);
    if (breaker.NOTIFY_BREAKER_FAILURES === '10') {
      await until('the host is left alone', () => alarms().length > 0);
      expect(alarms()).toHaveLength(1);
      expect(dead.calls()).toBeLessThan(40);
    }
    // Never more at once than one host may have; the other slots are for other hosts.
    expect(dead.mostAtOnce()).toBeLessThanOrEqual(12);
  });

  const alarms = (): string[] =>
    test.log.filter((line) => line.includes('"notification.host_resting"') && line.includes(dead.host));

  /** Copies of a paid order with results for another address, all due now. */
  const waitFor = async (url: string): Promise<void> => {
    await ask(
      test.database.url,
      `with model as (select * from payment_order limit 1),
       copies as (
         insert into payment_order select copy.* from model, generate_series(1, $1::int) as number,
           lateral jsonb_populate_record(null::payment_order, to_jsonb(model) || jsonb_build_object(
             'payment_id', gen_random_uuid(), 'payment_request_id', gen_random_uuid(), 'number', number)) copy
         returning payment_id)
       insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, created_at,
         updated_at)
       select c.payment_id, $2, n.body, n.body_sha256, 'PENDING', db_now(), n.gives_up_at, db_now(), db_now()
       from copies c, model m join notification n using (payment_id)`,
      [WAITING, url],
    );
  };
});

/** Accepts every call and never answers. */
async function startSilentHost() {
  let calls = 0;
  let open = 0;
  let most = 0;
  const server: Server = createServer((request) => {
    calls += 1;
    open += 1;
    most = Math.max(most, open);
    request.on('close', () => (open -= 1));
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server that listens has one
    calls: () => calls,
    mostAtOnce: () => most,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

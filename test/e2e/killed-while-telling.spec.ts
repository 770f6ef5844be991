import { Client } from 'pg';
import {
  ANSWERING_CLIENT_ID,
  AnsweringAlipayPlus,
  NOTIFY_PAYMENT,
} from '../support/answering/answering-alipay-plus.js';
import { isSignedBy } from '../support/answering/received-call.js';
import { anOrder } from '../support/builders/an-order.js';
import { keptOrder } from '../support/builders/kept-order.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import { setDatabaseClock } from '../support/database/database-clock.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { testKeys } from '../support/service/test-keys.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

const BLOCKED = `
  select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

describe('a worker killed (kill -9) when Alipay+ has acknowledged and nothing of it is written down', () => {
  let ground: TestGround;
  let stores: OpenedStores;
  let alipayPlus: AnsweringAlipayPlus;
  let lock: Client;
  let worker: ServiceProcess | undefined;
  beforeAll(async () => {
    alipayPlus = await AnsweringAlipayPlus.start(testKeys());
    ground = await prepareTestGround({
      environment: { ROLE: 'worker' },
      otherNotifyHosts: [new URL(alipayPlus.url).host],
    });
    stores = await OpenedStores.on(ground.database);
    lock = new Client({ connectionString: ground.database.url });
    await lock.connect();
  });
  afterAll(async () => {
    await worker?.end('SIGKILL');
    await lock.end();
    await stores.close();
    await alipayPlus.stop();
    await ground.stop();
  });

  it('failures 7, 11: the next one sends the same bytes under a new time and signature, and one delivery is kept', async () => {
    await lock.query('begin; lock table notification_attempt in exclusive mode');
    worker = await ServiceProcess.start(ground.environment);
    const order = await anOrder(stores)
      .with({ notifyUrl: `${alipayPlus.url}${NOTIFY_PAYMENT}` })
      .paid();
    const { paymentId, paymentRequestId } = order;
    const calls = () => alipayPlus.notifyCallsOf(paymentRequestId);
    await until('the worker is about to write it down', async () => {
      const blocked = await stores.sql(BLOCKED);
      return calls().length === 1 && blocked.length > 0;
    });
    expect(await worker.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    // The running statement dies with it, as when the machine is gone.
    await stores.sql(`select pg_terminate_backend(pid) from (${BLOCKED}) blocked`);
    await until('nobody waits', async () => !(await stores.isBlocked()));
    await lock.query('rollback');
    expect((await keptOrder(stores, paymentId)).notifications).toMatchObject([
      { status: 'PENDING', tries: 0 },
    ]);

    // The lease of the dead worker ends.
    await setDatabaseClock(ground.database.url, `clock_timestamp() + interval '1 minute'`);
    worker = await ServiceProcess.start(ground.environment);
    await until('it is delivered', async () => {
      const { notifications } = await keptOrder(stores, paymentId);
      return notifications[0]?.status === 'DELIVERED';
    });
    const [first, second, ...more] = calls();
    expect(more).toEqual([]);
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    expect(second?.headers['request-time']).not.toBe(first?.headers['request-time']);
    expect(second?.headers['signature']).not.toBe(first?.headers['signature']);
    for (const call of calls())
      expect(isSignedBy(testKeys().mppPublic, ANSWERING_CLIENT_ID, call)).toBe(true);
    const kept = await stores.sql<{ attempt: number; outcome: string }>(
      'select attempt, outcome from notification_attempt where payment_id = $1',
      [paymentId],
    );
    expect(kept).toEqual([{ attempt: 1, outcome: 'accepted' }]);
  });
});

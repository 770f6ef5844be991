import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresPair, type Replication } from '../../scripts/drill/programs/postgres-pair.js';
import { connectChecked } from '../../src/platform/database/checked-connection.js';
import { startHaproxy, type PrivateHaproxy } from '../support/database/private-haproxy.js';
import { describeWithPart } from '../support/parts/describe-with-part.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(180_000);

/** The hosts of both, as libpq writes them. */
function both(pair: PostgresPair): string {
  const { primary, follower } = pair;
  const url = new URL(follower.url);
  return `${primary.url.replace(/\/postgres$/, '')},${url.host}/postgres?target_session_attrs=read-write`;
}

describe('a primary that dies, and its standby', () => {
  let directory: string;
  let pair: PostgresPair;
  let test: TestService | undefined;
  let proxy: PrivateHaproxy | undefined;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'failover-'));
    await chmod(directory, 0o755); // the account that runs PostgreSQL for root reads from it
  });
  afterEach(async () => {
    await test?.stop();
    await proxy?.stop();
    test = proxy = undefined;
    await pair.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (replication: Replication, address: () => string | Promise<string>) => {
    pair = await PostgresPair.start({ directory, replication, log: () => undefined });
    const url = await address();
    test = await startTestService({
      database: { url, drop: () => Promise.resolve() },
      environment: { DATABASE_POOL_SIZE: '6' },
    });
    return test;
  };

  /** Confirmed payments are there afterwards, and payments go on. */
  const survives = async ({ app, operator }: TestService): Promise<void> => {
    const told: string[] = [];
    const pay = async (code: string): Promise<void> => {
      const scanned = await app.scan(code);
      if (scanned.status >= 300) return;
      const { payment } = scanned.body;
      const confirmed = await app.confirm(payment);
      if (confirmed.body.status === 'PAID') told.push(payment.paymentId);
    };
    await Promise.all(Array.from({ length: 6 }, (_, at) => pay(`twin:S#before-${at}`)));
    let isOver = false;
    const load = (async () => {
      for (let at = 0; !isOver; at += 1) await pay(`twin:S#during-${at}`).catch(() => undefined);
    })();
    await pair.failOver();
    await until('payments go on', async () => {
      const before = told.length;
      await pay(`twin:S#after-${Math.random()}`);
      return told.length > before;
    });
    isOver = true;
    await load;
    for (const paymentId of told) {
      const { body } = await operator.operations(`/payments/${paymentId}`);
      expect(body.status).toBe('PAID');
    }
  };

  it('is followed by an address with several hosts, and loses no confirmed payment', async () => {
    const service = await start('synchronous', () => both(pair));
    const { follower } = pair;
    expect(await (await fetch(`${service.url}/health/ready`)).json()).toEqual({
      status: 'ok',
      checks: {
        database: 'up',
        reading: 'up',
        queues: 'up',
        queuesPaused: 'up',
        clock: 'up',
        clockLimit: 'up',
        alipayplus: 'up',
        ledger: 'up',
        notifyHosts: 'up',
        eventEndpoints: 'up',
        standby: 'up',
      },
    });
    await expect(connectChecked(follower.url)).rejects.toThrow('takes no writes');
    await survives(service);
  });

  describeWithPart('haproxy', 'behind HAProxy', () => {
    it('is followed through HAProxy, which leads to the standby before it is promoted', async () => {
      const service = await start('synchronous', async () => {
        proxy = await startHaproxy(pair.primary.url, pair.follower.url);
        return proxy.through(pair.primary.url);
      });
      await survives(service);
    });
  });

  it('is named at the start and by the health address while commits do not wait for it', async () => {
    const { url, log } = await start('asynchronous', () => both(pair));
    const line = log.find((one) => one.includes('database.commits_not_on_standby'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      reason: 'synchronous_standby_names is empty',
      standbys: 1,
    });
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({
      status: 'degraded',
      checks: { standby: 'degraded' },
      troubles: [{ part: 'standby', means: expect.stringContaining('primary') }],
    });
  });

  it('refuses the start by the name of each host where none takes writes', async () => {
    pair = await PostgresPair.start({ directory, replication: 'asynchronous', log: () => undefined });
    const { follower } = pair;
    const address = `${follower.url.replace(/\/postgres$/, '')},127.0.0.1:1/postgres`;
    await expect(connectChecked(address)).rejects.toThrow(
      /takes no writes; .*it also names 127\.0\.0\.1:1, where nothing listens/,
    );
  });
});

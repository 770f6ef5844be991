import { WorkQueues } from '../../src/platform/queues/work-queues.js';
import { describeWithEachRedis } from '../support/redis/describe-with-redis.js';
import { HOST, RedisServers, startSentinelGroup } from '../support/redis/redis-group.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';
import { wholeScan } from '../support/service/whole-scan.js';

describeWithEachRedis('with sentinels', (program) => {
  const servers = new RedisServers(program);
  let group: Awaited<ReturnType<typeof startSentinelGroup>>;
  let test: TestService;
  const sentinels = () => group.sentinels.map((port) => `${HOST}:${port}`).join(',');
  const queues = () => test.service.app.get(WorkQueues);
  const keysAt = (port: number) => servers.ask(port, (client) => client.keys('sent:*'));

  beforeAll(async () => {
    group = await startSentinelGroup(servers, 'payments');
    test = await startTestService({
      environment: {
        REDIS_URL: 'redis://payments/0',
        REDIS_SENTINELS: sentinels(),
        QUEUE_PREFIX: 'sent',
      },
    });
  });
  afterAll(async () => {
    await test?.stop();
    await servers.stopAll();
  });

  it('leads to the primary', async () => {
    await wholeScan(test, 'primary');
    expect(queues().watch.troubles()).toEqual([]);
    expect((await keysAt(group.primary)).length).toBeGreaterThan(0);
  });

  it('moves every process to the new primary within ten seconds of a planned switch', async () => {
    const scans = Array.from({ length: 6 }, (_, at) => wholeScan(test, `ordered-${at}`));
    await servers.ask(group.sentinels[0]!, (client) => client.call('SENTINEL', 'FAILOVER', 'payments'));
    await until('the replica is the primary', () => hasRole(group.replica, 'master'));
    await until('the old one follows it', () => hasRole(group.primary, 'slave'), 40_000);
    await until(
      'jobs are added to the new one',
      async () => (await queues().wake('debit', nobody('ordered'))) && queues().watch.troubles().length === 0,
      10_000,
    );
    expect(await Promise.all(scans)).toHaveLength(6);
    await wholeScan(test, 'after-the-order');
    expect(await disagreements(test)).toEqual([]);
  });

  it('moves every process to the other one when the primary dies', async () => {
    const scans = Array.from({ length: 6 }, (_, at) => wholeScan(test, `dead-${at}`));
    await servers.kill(group.replica);
    await until('the other one is the primary', () => hasRole(group.primary, 'master'), 40_000);
    await until(
      'jobs are added to it',
      async () => (await queues().wake('debit', nobody('dead'))) && queues().watch.troubles().length === 0,
      10_000,
    );
    expect(await Promise.all(scans)).toHaveLength(6);
    expect(await disagreements(test)).toEqual([]);
    const lines = test.log.filter((line) => line.includes('"event":"queue.'));
    expect(lines.length).toBeLessThan(12);
  });

  it.each<[string, () => Record<string, string>, string]>([
    [
      'a group that nobody knows',
      () => ({ REDIS_URL: 'redis://mymaster/0', REDIS_SENTINELS: sentinels() }),
      'names the group mymaster, which 127.0.0.1',
    ],
    [
      'a sentinel in the place of a server',
      () => ({ REDIS_URL: `redis://${HOST}:${group.sentinels[0]}` }),
      'list it in REDIS_SENTINELS',
    ],
    [
      'a cluster with sentinels',
      () => ({ REDIS_URL: 'redis://payments', REDIS_SENTINELS: sentinels(), REDIS_CLUSTER: 'true' }),
      'a cluster has no sentinels',
    ],
  ])('refuses the start by name for %s', async (_what, environment, rule) => {
    await expect(startTestService({ environment: environment() })).rejects.toThrow(rule);
  });

  async function hasRole(port: number, role: string): Promise<boolean> {
    return servers.ask(port, async (client) => (await client.info('replication')).includes(`role:${role}`));
  }

  let turn = 0;
  const nobody = (name: string) => ({ id: `nobody-${name}`, turn: String((turn += 1)), delayMs: 60_000 });
});

import { WorkQueues } from '../../src/platform/queues/work-queues.js';
import { describeWithEachRedis } from '../support/redis/describe-with-redis.js';
import { HOST, RedisServers, startCluster } from '../support/redis/redis-group.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';
import { wholeScan } from '../support/service/whole-scan.js';

describeWithEachRedis('as a cluster', (program) => {
  const servers = new RedisServers(program);
  let cluster: Awaited<ReturnType<typeof startCluster>>;
  const started: TestService[] = [];
  const at = (...ports: number[]) => `redis://${ports.map((port) => `${HOST}:${port}`).join(',')}`;

  async function start(environment: Record<string, string>): Promise<TestService> {
    const test = await startTestService({ environment });
    started.push(test);
    return test;
  }

  beforeAll(async () => {
    cluster = await startCluster(servers);
  });
  afterAll(async () => {
    for (const test of started) await test.stop();
    await servers.stopAll();
  });

  it('spreads the queues over its nodes, and everything goes through them', async () => {
    const REDIS_URL = at(cluster.primaries[1]!, cluster.primaries[2]!);
    const test = await start({ REDIS_URL, REDIS_CLUSTER: 'true', QUEUE_PREFIX: 'spread' });
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => wholeScan(test, `cluster-${name}`)));
    const kept = await Promise.all(
      cluster.primaries.map((port) => servers.ask(port, (client) => client.keys('{spread-*'))),
    );
    expect(kept.filter((keys) => keys.length > 0).length).toBeGreaterThan(1);
    const queues = new Set(kept.flat().map((key) => /\{spread-(\w+)\}/.exec(key)?.[1]));
    expect([...queues].sort()).toEqual(['debit', 'decode', 'events', 'notify']);
    expect(test.service.app.get(WorkQueues).watch.troubles()).toEqual([]);
  });

  it('keeps all queues on one node where the prefix has braces', async () => {
    const test = await start({
      REDIS_URL: at(cluster.primaries[0]!),
      REDIS_CLUSTER: 'true',
      QUEUE_PREFIX: '{one}',
    });
    await wholeScan(test, 'braces');
    const kept = await Promise.all(
      cluster.primaries.map((port) => servers.ask(port, (client) => client.keys('{one}:*'))),
    );
    expect(kept.filter((keys) => keys.length > 0)).toHaveLength(1);
  });

  it.each<[string, () => Record<string, string>, string]>([
    [
      'a node named as if it stood alone',
      () => ({ REDIS_URL: at(cluster.primaries[0]!) }),
      'REDIS_CLUSTER=true',
    ],
    [
      'a database with a number',
      () => ({ REDIS_URL: `${at(cluster.primaries[0]!)}/2`, REDIS_CLUSTER: 'true' }),
      'a cluster has only 0',
    ],
    [
      'several hosts of no cluster',
      () => ({ REDIS_URL: at(...cluster.primaries) }),
      'names more than one host; give one, or with REDIS_CLUSTER=true all',
    ],
  ])('refuses the start by name for %s', async (_what, environment, rule) => {
    await expect(start(environment())).rejects.toThrow(rule);
  });

  it('fails over to a replica: nothing is lost, and jobs are added again by themselves', async () => {
    const test = await start({
      REDIS_URL: at(...cluster.primaries),
      REDIS_CLUSTER: 'true',
      QUEUE_PREFIX: 'failing',
    });
    const { watch } = test.service.app.get(WorkQueues);
    await wholeScan(test, 'before');
    const scans = Array.from({ length: 8 }, (_, index) => wholeScan(test, `during-${index}`));
    await servers.kill(cluster.primaries[0]!);
    await until('the replica is a primary', () =>
      servers.ask(cluster.replica, async (client) =>
        (await client.info('replication')).includes('role:master'),
      ),
    );
    expect(await Promise.all(scans)).toHaveLength(8);
    // A worker that was waiting for jobs may still be sent from the old primary to the new one.
    const isOver = (): boolean => !watch.hasOutage && watch.troubles().length === 0;
    await until('the outage is over', isOver);
    await wholeScan(test, 'after');
    await until('nothing fails', isOver);
    expect(await disagreements(test)).toEqual([]);
  });
});

import { WorkQueues } from '../../src/platform/queues/work-queues.js';
import { TestCertificates } from '../support/ledgers/test-certificates.js';
import { TcpGate } from '../../scripts/drill/programs/tcp-gate.js';
import { describeWithEachRedis } from '../support/redis/describe-with-redis.js';
import { HOST, RedisServers } from '../support/redis/redis-group.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { wholeScan } from '../support/service/whole-scan.js';

/** The permissions that docs/parts.md tells an operator to give. */
const ACL = ['on', '>se#cret/2', '~owned:*', '+@all', '-@dangerous', '-@admin', '+info'];

describeWithEachRedis('as one server', (program) => {
  const servers = new RedisServers(program);
  const started: TestService[] = [];
  const certificates = new TestCertificates();
  async function start(environment: Record<string, string>): Promise<TestService> {
    const test = await startTestService({ environment });
    started.push(test);
    return test;
  }
  const said = (test: TestService, event: string) =>
    test.log.filter((line) => line.includes(`"event":"${event}"`)).map((line) => JSON.parse(line));

  afterAll(async () => {
    for (const test of started) await test.stop();
    await servers.stopAll();
    certificates.remove();
  });

  describe('with TLS, an authority of its own, and a user of its own', () => {
    const authority = certificates.authority('redis-authority');
    const server = certificates.signed(authority, 'redis');
    let port: number;
    const url = (password = 'se%23cret%2F2') => `rediss://mpp:${password}@${HOST}:${port}/0`;

    beforeAll(async () => {
      port = await servers.start({
        'tls-cert-file': server.certificate,
        'tls-key-file': server.key,
        'tls-ca-cert-file': authority.certificate,
        'tls-auth-clients': 'no',
        user: `mpp ${ACL.join(' ')}`,
      });
    });

    it('works', async () => {
      const test = await start({
        REDIS_URL: url(),
        REDIS_CA_FILE: authority.certificate,
        QUEUE_PREFIX: 'owned',
      });
      await wholeScan(test, 'tls');
      expect(test.service.app.get(WorkQueues).watch.troubles()).toEqual([]);
      expect(said(test, 'queue.unreachable')).toEqual([]);
    });

    it.each<[string, () => Record<string, string>, RegExp]>([
      [
        'an authority that is not known',
        () => ({ REDIS_URL: url() }),
        /REDIS_URL: .*certificate.*not trusted/,
      ],
      [
        'a wrong password',
        () => ({ REDIS_URL: url('wrong'), REDIS_CA_FILE: authority.certificate }),
        /REDIS_URL: is refused by .*WRONGPASS/,
      ],
      [
        'a file that is not there',
        () => ({ REDIS_URL: url(), REDIS_CA_FILE: '/nowhere/ca.pem' }),
        /REDIS_CA_FILE: names \/nowhere\/ca\.pem, which is not there/,
      ],
      [
        'an authority without TLS',
        () => ({ REDIS_URL: `redis://${HOST}:${port}`, REDIS_CA_FILE: authority.certificate }),
        /REDIS_CA_FILE: is of use for TLS only/,
      ],
    ])('refuses the start by name for %s', async (_what, environment, rule) => {
      await expect(start(environment())).rejects.toThrow(rule);
    });
  });

  it('that follows another server is reported by name, and no payment is lost by it', async () => {
    const primary = await servers.start();
    const replica = await servers.start({ replicaof: `${HOST} ${primary}` });
    const test = await start({ REDIS_URL: `redis://${HOST}:${replica}` });
    await until('it is said', () => said(test, 'queue.redis_is_replica').length > 0);
    expect(said(test, 'queue.redis_is_replica')[0]).toMatchObject({
      level: 'warn',
      primary: `${HOST}:${primary}`,
      alarm: true,
    });
    await wholeScan(test, 'on-a-replica');
    expect(test.service.app.get(WorkQueues).watch.troubles().length).toBeGreaterThan(0);
    expect(said(test, 'queue.unreachable')).toHaveLength(1);
  });

  it('that is demoted behind one address is left for the new primary', async () => {
    const old = await servers.start();
    const next = await servers.start({ replicaof: `${HOST} ${old}` });
    const gate = await TcpGate.before(`redis://${HOST}:${old}`);
    const test = await start({ REDIS_URL: gate.through(`redis://${HOST}:${old}`), QUEUE_PREFIX: 'moved' });
    const { watch } = test.service.app.get(WorkQueues);
    await wholeScan(test, 'before-the-move');
    const scans = Array.from({ length: 6 }, (_, at) => wholeScan(test, `during-the-move-${at}`));
    gate.leadTo(next);
    await servers.ask(next, (client) => client.replicaof('NO', 'ONE'));
    await servers.ask(old, (client) => client.replicaof(HOST, next));
    expect(await Promise.all(scans)).toHaveLength(6);
    await until('nothing fails', () => watch.troubles().length === 0, 10_000);
    await until('jobs are added to the new one', async () => {
      await wholeScan(test, `after-the-move-${Date.now()}`);
      const clients = String(await servers.ask(next, (client) => client.client('LIST')));
      return clients.split('\n').filter((line) => line.includes('bzpopmin')).length === 4;
    });
    expect(watch.troubles()).toEqual([]);
    await test.stop();
    started.pop();
    await gate.shut();
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis } from '../support/redis/describe-with-redis.js';
import { ServiceOnRedis } from '../support/redis/service-on-redis.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

describeWithRedis('a Redis that loses what it holds (failures 17)', () => {
  let service: ServiceOnRedis;
  beforeAll(async () => {
    service = await ServiceOnRedis.start();
  });
  afterAll(() => service.stop());

  it('loses nothing of ours when it is flushed again and again while scans are under way', async () => {
    let isOver = false;
    const flushing = service.ask(async (client) => {
      let flushes = 0;
      for (; !isOver; flushes += 1) {
        await client.flushall();
        await sleep(40);
      }
      return flushes;
    });
    const scans = Array.from({ length: 16 }, (_, at) => service.wholeScan(`flushed-${at}`));
    expect(await Promise.all(scans)).toHaveLength(16);
    isOver = true;
    expect(await flushing).toBeGreaterThan(3);
    expect(await disagreements(service.test)).toEqual([]);
    const { scanId } = await service.wholeScan('afterwards');
    expect(await service.ranThroughRedis('decode', scanId)).toBe(true);
  });

  it('is reported as one that may evict keys, at the start and at every reconnect', async () => {
    expect(service.lines('queue.redis_may_evict')).toEqual([]);
    await service.ask((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    await service.ask((client) => client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    await until('it is said', () => service.lines('queue.redis_may_evict').length > 0);
    expect(JSON.parse(service.lines('queue.redis_may_evict')[0]!)).toMatchObject({
      level: 'warn',
      policy: 'allkeys-lru',
      alarm: true,
    });
  });

  it('is reported as degraded while it accepts no jobs, although it answers, until it accepts them again', async () => {
    const full = (maxmemory: number) =>
      service.ask(async (client) => {
        await client.config('SET', 'maxmemory-policy', 'noeviction');
        await client.config('SET', 'maxmemory', maxmemory);
      });
    await full(1);
    try {
      const { scanId } = await service.wholeScan('full');
      expect(scanId).toBeDefined();
      const { status, body } = await until('it is degraded', async () => {
        const seen = await service.readiness();
        return seen.body.status === 'degraded' && seen;
      });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: {
          checks: { database: 'up', queues: 'degraded' },
          troubles: [{ part: 'queues', means: expect.stringContaining('Payments go on') }],
        },
      });
      const figures = await (await fetch(`${service.test.url}/metrics`)).text();
      expect(figures).toContain('health_part_up{part="queues"} 0');
      expect(figures).toMatch(/queue_failing\{queue="\w+",deed="add"\} 1/);
    } finally {
      await full(0);
    }
    // Nobody scans meanwhile.
    await until('it is up again', async () => (await service.readiness()).body.status === 'ok');
  });
});

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

  it('is told from one that may throw keys away, at the start and whenever it is reached', async () => {
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
});

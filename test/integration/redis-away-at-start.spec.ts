import { describeWithRedis } from '../support/redis/describe-with-redis.js';
import { ServiceOnRedis } from '../support/redis/service-on-redis.js';
import { until } from '../support/service/until.js';

jest.setTimeout(90_000);

describeWithRedis('a Redis that is not there when the service starts', () => {
  it('does not prevent a start, and is used as soon as it is there', async () => {
    const service = await ServiceOnRedis.start({}, false);
    try {
      expect(await service.readiness()).toMatchObject({
        status: 200,
        body: { status: 'degraded', checks: { database: 'up', queues: 'degraded' } },
      });
      await service.wholeScan('without');
      await service.redis.restart();
      await until('readiness says ok', async () => (await service.readiness()).body.status === 'ok');
      await until('a scan goes through Redis', async () => {
        const { scanId } = await service.wholeScan(`with-${Date.now()}`);
        return service.ranThroughRedis('decode', scanId);
      });
    } finally {
      await service.stop();
    }
  });

  it('does not prevent a stop', async () => {
    const service = await ServiceOnRedis.start({}, false);
    let isStopped = false;
    const stopping = service.stop().then(() => (isStopped = true));
    await until('it has stopped', () => isStopped, 8_000);
    await stopping;
  });

  it.each(['api', 'worker'])('may be down for a process of role %s', async (role) => {
    const service = await ServiceOnRedis.start({ ROLE: role }, false);
    try {
      expect((await service.readiness()).status).toBe(200);
      await service.redis.restart();
      await until('readiness says ok', async () => (await service.readiness()).body.status === 'ok');
    } finally {
      await service.stop();
    }
  });
});

import { anOrder } from '../support/builders/an-order.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import { describeWithRedis } from '../support/redis/describe-with-redis.js';
import { ServiceOnRedis } from '../support/redis/service-on-redis.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

describeWithRedis('a Redis that dies and comes back (failures 17)', () => {
  let service: ServiceOnRedis;
  beforeAll(async () => {
    service = await ServiceOnRedis.start();
  });
  afterAll(() => service.stop());

  it('stops nothing: the work goes on without it, and through it again without a restart of ours', async () => {
    const before = await service.wholeScan('before');
    expect(await service.ranThroughRedis('decode', before.scanId)).toBe(true);
    expect(await service.readiness()).toMatchObject({ status: 200, body: { status: 'ok' } });

    await service.redis.kill();
    await Promise.all(['dead-1', 'dead-2', 'dead-3'].map((name) => service.wholeScan(name)));
    expect(service.lines('queue.unreachable').length).toBeGreaterThan(0);
    await until('readiness says that the queues are away', async () => {
      const { status, body } = await service.readiness();
      return status === 200 && body.status === 'degraded' && body.checks['queues'] === 'degraded';
    });

    await service.redis.restart();
    await until(
      'readiness says that they are back',
      async () => (await service.readiness()).body.status === 'ok',
    );
    const after = await until('a scan goes through Redis again', async () => {
      const whole = await service.wholeScan(`after-${Date.now()}`);
      return (await service.ranThroughRedis('decode', whole.scanId)) && whole;
    });
    expect(after).toBeDefined();
    expect(await disagreements(service.test)).toEqual([]);
  });

  it('is killed during all kinds of work, and nothing is lost or doubled', async () => {
    const scans = Array.from({ length: 12 }, (_, at) => service.wholeScan(`midway-${at}`));
    const all = Promise.all(scans);
    for (let round = 0; round < 2; round += 1) {
      await service.redis.kill();
      await service.redis.restart();
    }
    expect(await all).toHaveLength(12);
    expect(await disagreements(service.test)).toEqual([]);
  });

  it('limits an error of our own code to one row, and the others go on', async () => {
    const stores = await OpenedStores.on(service.test.database);
    await service.redis.kill();
    try {
      const broken = await anOrder(stores).of('customer-rich').inDoubt(-60_000);
      await stores.sql(`update debit set currency = 'QQQ' where debit_id = $1`, [broken.debit.debitId]);
      const sound = await anOrder(stores).of('customer-rich').inDoubt(-1_000);
      await until('the sound one is paid', async () => {
        const order = await stores.orders.find(sound.order.paymentId);
        return order?.status === 'PAID';
      });
      await service.wholeScan('beside-a-broken-row');
      const told = service.lines('work.failed').map((line) => JSON.parse(line));
      expect(told).toContainEqual(expect.objectContaining({ queue: 'debit', id: broken.debit.debitId }));
    } finally {
      await stores.close();
      await service.redis.restart();
    }
  });
});

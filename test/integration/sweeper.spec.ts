import { WorkQueues } from '../../src/platform/queues/work-queues.js';
import { SweeperService } from '../../src/sweep/sweeper.service.js';
import { anOrder } from '../support/builders/an-order.js';
import { claimNotifications } from '../support/builders/claim-notifications.js';
import { eventsOf, keptOrder } from '../support/builders/kept-order.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(90_000);

/** The service's own sweeper runs once at the start and then not for a minute: these tests run it by hand. */
const BY_HAND = { SWEEP_INTERVAL_MS: '60000', SWEEP_GRACE_MS: '0' };

describe('the sweeper', () => {
  let test: TestService;
  let stores: OpenedStores;
  beforeEach(async () => {
    test = await startTestService({
      environment: { ...BY_HAND, DECODE_RETRY_BASE_MS: '600', NOTIFY_SCHEDULE_MS: '400' },
    });
    stores = await OpenedStores.on(test.database);
    await until('the first look is over', () => test.log.some((line) => line.includes('service.ready')));
  });
  afterEach(async () => {
    await stores.close();
    await test.stop();
  });

  const sweepOnce = () => test.service.app.get(SweeperService).sweepOnce();
  const empty = (work: string) => test.service.app.get(WorkQueues).empty(work);
  const found = (event: string) => test.log.filter((line) => line.includes(`"${event}"`)).length;
  /** Sweeps until there is something to be found. */
  const sweepUntilFound = () => until('the sweeper finds something', async () => (await sweepOnce()) > 0);

  it('wakes a scan whose job is missing (failures 19)', async () => {
    const { body } = await test.app.scan('twin:U,S#lost-scan');
    await empty('decode');
    await sweepUntilFound();
    const decoded = await test.app.readScan(body.scanId, 20_000);
    expect(decoded.body.status).toBe('DECODED');
    expect(await test.books.order('twin:U,S#lost-scan')).toMatchObject({ calls: 2 });
  });

  it('claims a notification that nobody was told of (failures 7, 19)', async () => {
    // Made without the service, so that no job says that it is due.
    const { paymentId } = await anOrder(stores)
      .with({ notifyUrl: `${test.twin.url}/nowhere` })
      .declined();
    await sweepOnce();
    // More than once by the time it is seen, where the machine is busy.
    await until(
      'it was tried',
      async () => Number((await keptOrder(stores, paymentId)).notifications[0]?.tries) > 0,
    );
  });

  it('wakes a debit that nobody holds any more, and an intent that was never sent (failures 6, 19)', async () => {
    const doubted = await anOrder(stores).of('customer-rich').inDoubt();
    const intended = await anOrder(stores).of('customer-rich').confirmed(0);
    expect(await sweepOnce()).toBeGreaterThanOrEqual(2);
    for (const { order } of [doubted, intended]) {
      await until('it is paid', async () => (await stores.orders.find(order.paymentId))?.status === 'PAID');
      expect((await keptOrder(stores, order.paymentId)).debits).toHaveLength(1);
    }
  });

  it('leaves rows alone that are leased or not yet due', async () => {
    const { debit, order } = await anOrder(stores).of('customer-rich').confirmed(60_000);
    const early = await anOrder(stores).of('customer-rich').inDoubt(60_000);
    const { paymentId } = await anOrder(stores).declined();
    await claimNotifications(stores, { leaseMs: 60_000 });
    const open = await anOrder(stores).decoded();
    expect(await sweepOnce()).toBe(0);
    expect(await stores.orders.find(order.paymentId)).toMatchObject({ status: 'DEBITING' });
    expect((await keptOrder(stores, order.paymentId)).debits).toMatchObject([
      { debit_id: debit.debitId, status: 'INTENDED', tries: 0 },
    ]);
    expect((await keptOrder(stores, early.order.paymentId)).debits).toMatchObject([{ tries: 1 }]);
    expect(await stores.orders.find(open.paymentId)).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
    expect((await keptOrder(stores, paymentId)).notifications).toMatchObject([{ tries: 0 }]);
  });

  it('closes an order that nobody confirmed in time once, with two sweepers at the same moment', async () => {
    const other = await startTestService({ database: test.database, environment: BY_HAND });
    try {
      const expiresAt = new Date(Date.now() - 1_000);
      const early = await anOrder(stores)
        .expiringAt(new Date(Date.now() + 3_600_000))
        .decoded();
      const orders = await Promise.all(
        Array.from({ length: 30 }, (_, at) =>
          (at % 3 ? anOrder(stores) : anOrder(stores).held()).expiringAt(expiresAt).decoded(),
        ),
      );
      expect(await stores.due('expiry')).not.toContain(early.paymentId);
      const sweepers = [test, other, test, other].map(({ service }) => service.app.get(SweeperService));
      await Promise.all(sweepers.map((sweeper) => sweeper.sweepOnce()));
      for (const { paymentId } of orders) {
        const kept = await keptOrder(stores, paymentId);
        expect(kept).toMatchObject({ status: 'EXPIRED', result: 'F ORDER_IS_CLOSED' });
        expect(eventsOf(kept).slice(0, 2)).toEqual(['DECODED', 'EXPIRED']);
        expect(eventsOf(kept).filter((event) => event === 'EXPIRED')).toHaveLength(1);
        expect(kept.notifications).toHaveLength(1);
      }
      expect(await stores.orders.find(early.paymentId)).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
      const told = [test, other].flatMap(({ log }) => log.filter((line) => line.includes('"order.expired"')));
      expect(told).toHaveLength(orders.length);
    } finally {
      await other.stop();
    }
  });

  it('closes the others when one order cannot be moved, and reports it', async () => {
    const expiresAt = new Date(Date.now() - 1_000);
    const stuck = await anOrder(stores)
      .expiringAt(new Date(Date.now() - 5_000))
      .decoded();
    const fine = await anOrder(stores).expiringAt(expiresAt).decoded();
    await stores.sql(`
      create function refuse_this_one() returns trigger language plpgsql as
        $$ begin raise exception 'stuck' using errcode = 'integrity_constraint_violation'; end $$;
      create trigger stuck_tr before update on payment_order for each row
        when (old.payment_id = '${stuck.paymentId}') execute function refuse_this_one()`);
    await sweepOnce();
    expect(await stores.orders.find(fine.paymentId)).toMatchObject({ status: 'EXPIRED' });
    expect(await stores.orders.find(stuck.paymentId)).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
    expect(found('sweep.stuck')).toBe(1);
    // Tried again whenever its rest is over, but alarmed only once an hour.
    await stores.sql('update sweep_rest set until = db_now()');
    await sweepOnce();
    const told = test.log.filter((line) => line.includes('"sweep.stuck"'));
    expect(told.map((line) => (JSON.parse(line) as { alarm: boolean }).alarm)).toEqual([true, false]);
  });

  it('shares due rows with the sweepers of other processes, and reports how overdue they were', async () => {
    const other = await startTestService({ database: test.database, environment: BY_HAND });
    try {
      const doubted = await Promise.all(
        Array.from({ length: 25 }, () => anOrder(stores).of('customer-rich').inDoubt(-30_000)),
      );
      const sweepers = [test, other, test, other].map(({ service }) => service.app.get(SweeperService));
      await Promise.all(sweepers.map((sweeper) => sweeper.sweepOnce()));
      for (const { order } of doubted)
        await until('it is paid', async () => (await stores.orders.find(order.paymentId))?.status === 'PAID');
      const [one, two] = await Promise.all(
        [test, other].map(async ({ app }) => (await app.raw('/metrics', {})).text),
      );
      const figure = (text: string | undefined, name: string) =>
        Number(new RegExp(`^${name}\\{kind="debit"\\} (\\S+)$`, 'm').exec(text ?? '')?.[1] ?? 0);
      expect(figure(one, 'sweep_rows_total') + figure(two, 'sweep_rows_total')).toBe(doubted.length);
      const seconds = figure(one, 'sweep_lag_seconds_sum') + figure(two, 'sweep_lag_seconds_sum');
      expect(seconds).toBeGreaterThanOrEqual(30 * doubted.length);
    } finally {
      await other.stop();
    }
  });

  it('finishes a cancel that was interrupted', async () => {
    const order = await anOrder(stores).decoded();
    await stores.sql('update payment_order set cancel_requested_at = db_now() where payment_id = $1', [
      order.paymentId,
    ]);
    await sweepOnce();
    expect(await stores.orders.find(order.paymentId)).toMatchObject({ status: 'CANCELLED' });
  });

  it('logs nothing when there is nothing', async () => {
    expect(await sweepOnce()).toBe(0);
    expect(found('sweep.found')).toBe(0);
  });
});

describe('the grace of the sweeper', () => {
  it('leaves a due row to its own job for a while', async () => {
    const test = await startTestService({ environment: { ...BY_HAND, SWEEP_GRACE_MS: '30000' } });
    const stores = await OpenedStores.on(test.database);
    try {
      await anOrder(stores).of('customer-rich').inDoubt();
      expect(await stores.due('debit')).toHaveLength(1);
      expect(await test.service.app.get(SweeperService).sweepOnce()).toBe(0);
      const past = await anOrder(stores).of('customer-rich').inDoubt(-31_000);
      expect(await test.service.app.get(SweeperService).sweepOnce()).toBe(1);
      const { paymentId } = past.order;
      await until('it is paid', async () => (await stores.orders.find(paymentId))?.status === 'PAID');
    } finally {
      await stores.close();
      await test.stop();
    }
  });
});

describe('a sweeper that runs by itself', () => {
  it('goes on after a failed sweep', async () => {
    const test = await startTestService({ environment: { SWEEP_INTERVAL_MS: '50', SWEEP_GRACE_MS: '0' } });
    const stores = await OpenedStores.on(test.database);
    try {
      await stores.sql('alter table payment_order rename to payment_order_elsewhere');
      await until('a look failed', () => test.log.some((line) => line.includes('"sweep.failed"')));
      await stores.sql('alter table payment_order_elsewhere rename to payment_order');
      const order = await anOrder(stores)
        .expiringAt(new Date(Date.now() - 1_000))
        .decoded();
      await until(
        'the order is closed',
        async () => (await stores.orders.find(order.paymentId))?.status === 'EXPIRED',
      );
    } finally {
      await stores.close();
      await test.stop();
    }
  });
});

import { obstacleToConfirm } from '../../../src/payments/payment/confirm-rules.js';
import { aDecodedOrder, anOrder, confirm } from '../../support/builders/an-order.js';
import { aNewScan, aPendingScan, evidence } from '../../support/builders/a-scan.js';
import { claimedNotification, claimNotifications } from '../../support/builders/claim-notifications.js';
import { keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const DEADLINE = new Date('2031-05-06T07:08:09.010Z');
const HOUR_MS = 3_600_000;
const before = (ms: number): Date => new Date(DEADLINE.getTime() - ms);

/** The database's clock stands still in all of these: a deadline decides by the millisecond. */
describe('a deadline', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open();
  });
  beforeEach(() => stores.freezeClock(before(HOUR_MS)));
  afterAll(() => stores.close());

  const INSTANTS = [
    [-1, true],
    [0, false],
    [1, false],
  ] as const;

  it.each(INSTANTS)(
    'of an order: a confirm %i ms from its expiry is taken: %s (failures 12)',
    async (ms, taken) => {
      const order = await anOrder(stores).expiringAt(DEADLINE).decoded();
      await stores.freezeClock(before(-ms));
      const confirmed = await confirm(stores, order);
      expect(confirmed !== undefined).toBe(taken);
      const kept = await keptOrder(stores, order.paymentId);
      expect(kept.status).toBe(taken ? 'DEBITING' : 'AWAITING_CONFIRMATION');
      expect(kept.debits).toHaveLength(taken ? 1 : 0);
    },
  );

  it.each(INSTANTS)(
    'of a quote: a confirm %i ms from its end is taken: %s (failures 13)',
    async (ms, taken) => {
      const order = await anOrder(stores)
        .expiringAt(before(-10 * HOUR_MS))
        .quotedUntil(DEADLINE)
        .decoded();
      await stores.freezeClock(before(-ms));
      const confirmed = await confirm(stores, order);
      expect(confirmed !== undefined).toBe(taken);
      if (confirmed) expect(confirmed.debit.notAfter).toEqual(DEADLINE);
      expect((await keptOrder(stores, order.paymentId)).debits).toHaveLength(taken ? 1 : 0);
    },
  );

  it.each(INSTANTS)('reads and moves decide the same, %i ms from it', async (ms, taken) => {
    const expiring = await anOrder(stores).expiringAt(DEADLINE).decoded();
    const quoted = await anOrder(stores).expiringAt(before(-HOUR_MS)).quotedUntil(DEADLINE).decoded();
    await stores.freezeClock(before(-ms));
    const obstacles = await Promise.all(
      [expiring, quoted].map(async ({ paymentId, payAmount }) =>
        obstacleToConfirm((await stores.orders.find(paymentId))!, { payAmount: payAmount! }),
      ),
    );
    expect(obstacles).toEqual(taken ? [undefined, undefined] : ['ORDER_EXPIRED', 'QUOTE_EXPIRED']);
  });

  it.each(INSTANTS)(
    'of an order: %i ms from it, it can be confirmed (%s) or expired, never both',
    async (ms, taken) => {
      for (const builder of [anOrder(stores), anOrder(stores).held()]) {
        const order = await builder.expiringAt(DEADLINE).decoded();
        await stores.freezeClock(before(-ms));
        expect((await stores.due('expiry')).includes(order.paymentId)).toBe(!taken);
        expect((await stores.orders.expire(order)) !== undefined).toBe(!taken);
        await stores.freezeClock(before(HOUR_MS));
      }
    },
  );

  it('of an order still lets the payer decline, because that takes nothing', async () => {
    const order = await anOrder(stores).expiringAt(DEADLINE).decoded();
    await stores.freezeClock(before(-1));
    expect(await stores.orders.decline(order, 'app')).toMatchObject({ status: 'DECLINED' });
  });

  it.each(INSTANTS)('of a scan: %i ms from it, it may be decoded (%s) or is given up', async (ms, mayAsk) => {
    const { scanId } = await aPendingScan(stores, { windowMs: HOUR_MS, leaseMs: 0 });
    await stores.freezeClock(before(-ms));
    expect(await stores.scans.claim(scanId, { leaseMs: 10_000, earlyMs: 0 })).toMatchObject({
      isOverdue: !mayAsk,
    });
    expect((await stores.scans.giveUp(scanId)) !== undefined).toBe(!mayAsk);
  });

  it.each(INSTANTS)('of a notification: %i ms from it, it is sent (%s) or parked', async (ms, isSent) => {
    const { paymentId } = await anOrder(stores).expiringAt(before(-HOUR_MS)).declined();
    const { gives_up_at: end } = (await keptOrder(stores, paymentId)).notifications[0]!;
    expect(end).toEqual(new Date('2031-05-07T00:00:00.000Z'));
    await stores.freezeClock(new Date(end.getTime() + ms));
    const overdue = await stores.notifications.watch(1_000, 'late');
    expect(overdue.find((one) => one.paymentId === paymentId)).toMatchObject({ isParked: !isSent });
    expect((await claimedNotification(stores, paymentId)) !== undefined).toBe(isSent);
  });

  it.each([
    [-1, false],
    [0, true],
    [1, true],
  ])('of a lease: %i ms from it, another worker may claim it: %s', async (ms, free) => {
    const leaseMs = HOUR_MS;
    const { debit } = await anOrder(stores).expiringAt(before(-HOUR_MS)).confirmed(leaseMs);
    const scan = aNewScan({ windowMs: 10 * HOUR_MS, leaseMs });
    await stores.scans.begin(scan);
    const { paymentId } = await anOrder(stores).expiringAt(before(-HOUR_MS)).declined();
    await claimNotifications(stores, { leaseMs });
    await stores.freezeClock(before(-ms));
    const due = [...(await stores.due('debit')), ...(await stores.due('decode'))];
    for (const id of [debit.debitId, scan.scanId]) expect(due.includes(id)).toBe(free);
    expect((await stores.debits.claim(debit.debitId, 1, 0)) !== undefined).toBe(free);
    expect((await stores.scans.claim(scan.scanId, { leaseMs: 1, earlyMs: 0 })) !== undefined).toBe(free);
    expect((await claimedNotification(stores, paymentId)) !== undefined).toBe(free);
  });

  it('is compared with the clock of the database alone, however wrong ours is', async () => {
    const year = 365 * 24 * HOUR_MS;
    await stores.freezeClock(new Date(Date.now() - year));
    const order = await anOrder(stores)
      .expiringAt(new Date(Date.now() - year + 1_000))
      .decoded();
    expect((await confirm(stores, order))?.order.status).toBe('DEBITING');
    await stores.freezeClock(new Date(Date.now() + year));
    const scan = await aPendingScan(stores);
    const later = aDecodedOrder({ expiresAt: new Date(Date.now() + 60_000) });
    const accepted = await stores.decodedOrders.accept(scan.scanId, evidence(), later, 1);
    if (!('order' in accepted)) throw new Error(accepted.outcome);
    expect(await confirm(stores, accepted.order)).toBeUndefined();
    expect(await stores.orders.expire(accepted.order)).toMatchObject({ status: 'EXPIRED' });
  });
});

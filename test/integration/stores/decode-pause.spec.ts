import { AFTER_PAUSE_GAP_MS } from '../../../src/payment-order/scan.store.js';
import { aNewScan, aPendingScan } from '../../support/builders/a-scan.js';
import { anOrder } from '../../support/builders/an-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

import.meta.jest.setTimeout(60_000);

describe('a pause of the whole fleet', () => {
  let stores: OpenedStores;
  beforeEach(async () => {
    stores = await OpenedStores.open();
  });
  afterEach(() => stores.close());

  it('lets a new scan wait until it is over, and keeps the later of two ends', async () => {
    await Promise.all([stores.scans.pause(5_000), stores.scans.pause(60_000), stores.scans.pause(10)]);
    const begun = await stores.scans.begin(aNewScan());
    expect(begun).toMatchObject({ outcome: 'begun', mayAskNow: false });
    const waitMs = begun.scan.nextAttemptAt!.getTime() - begun.scan.readAt.getTime();
    expect(waitMs).toBeGreaterThan(50_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  it('gives nobody a turn, and lists nothing as due, but lets a scan out of time end (failures 4)', async () => {
    const due = await aPendingScan(stores, { leaseMs: 0 });
    const overdue = await aPendingScan(stores, { leaseMs: 0, windowMs: 0 });
    await stores.scans.pause(60_000);
    expect(await stores.scans.claim(due.scanId, 10_000, 250)).toBeUndefined();
    expect(await stores.due('decode')).toEqual([overdue.scanId]);
    expect(await stores.scans.claim(overdue.scanId, 10_000, 250)).toMatchObject({ isOverdue: true });
  });

  it('gives what fell due during it a place in the line after it, once, and then a turn (failures 4)', async () => {
    const due = await aPendingScan(stores, { leaseMs: 0, windowMs: 600_000 });
    await stores.scans.pause(60_000);
    const waiting = await stores.scans.takePlace(due.scanId, 250);
    const [{ until } = { until: new Date(0) }] = await stores.sql<{ until: Date }>(
      'select until from decode_pause',
    );
    expect(waiting!.nextAttemptAt!.getTime() - until.getTime()).toBeLessThanOrEqual(AFTER_PAUSE_GAP_MS);
    expect(waiting!.nextAttemptAt!.getTime()).toBeGreaterThanOrEqual(until.getTime());
    expect(await stores.scans.takePlace(due.scanId, 120_000)).toBeUndefined();
    expect(await stores.scans.claim(due.scanId, 10_000, 250)).toBeUndefined();
    // The time in the row is exact to the microsecond, and ours is not.
    await stores.freezeClock(new Date(waiting!.nextAttemptAt!.getTime() + 1));
    expect(await stores.scans.claim(due.scanId, 10_000, 0)).toMatchObject({ isOverdue: false });
  });

  it('lets many go on one after the other when it is over, also those that nobody looked at meanwhile', async () => {
    const scans = await Promise.all(Array.from({ length: 30 }, () => aPendingScan(stores, { leaseMs: 0 })));
    await stores.scans.pause(1_000);
    const fresh = await Promise.all(Array.from({ length: 20 }, () => stores.scans.begin(aNewScan())));
    const end = new Date((await stores.now()).getTime() + 5_000);
    await stores.freezeClock(end);
    for (const { scanId } of scans) {
      expect(await stores.scans.claim(scanId, 10_000, 250)).toBeUndefined();
      expect(await stores.scans.takePlace(scanId, 250)).toBeDefined();
    }
    const dueMs = (await stores.sql<{ at: Date }>('select next_attempt_at as at from scan')).map(({ at }) =>
      at.getTime(),
    );
    expect(fresh.every(({ outcome }) => outcome === 'begun')).toBe(true);
    // Those that came during the pause stood in a line of their own, which is over by now.
    const later = dueMs.filter((at) => at >= end.getTime()).sort((one, other) => one - other);
    expect(later).toHaveLength(30);
    expect(later.at(-1)! - end.getTime()).toBeGreaterThan(28 * AFTER_PAUSE_GAP_MS);
    for (let at = 0; at + 10 < later.length; at += 1) {
      expect(later[at + 10]! - later[at]!).toBeGreaterThan(8 * AFTER_PAUSE_GAP_MS);
    }
    const early = dueMs.filter((at) => at < end.getTime());
    expect(Math.max(...early) - Math.min(...early)).toBeGreaterThan(AFTER_PAUSE_GAP_MS);
  });

  it('never makes a scan wait longer than its window', async () => {
    const { scanId, givesUpAt } = await aPendingScan(stores, { leaseMs: 0, windowMs: 1_000 });
    await stores.scans.pause(60_000);
    expect(await stores.scans.takePlace(scanId, 250)).toMatchObject({ nextAttemptAt: givesUpAt });
    const begun = await stores.scans.begin(aNewScan({ windowMs: 1_000 }));
    expect(begun.scan.nextAttemptAt).toEqual(begun.scan.givesUpAt);
  });

  it('is missed by nobody: without its row no scan can begin', async () => {
    await stores.sql('delete from decode_pause');
    await expect(stores.scans.begin(aNewScan())).rejects.toThrow('neither be begun nor found');
  });

  it('is over by itself', async () => {
    await stores.scans.pause(-1);
    expect(await stores.scans.begin(aNewScan())).toMatchObject({ mayAskNow: true });
    expect(await anOrder(stores).decoded()).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
  });
});

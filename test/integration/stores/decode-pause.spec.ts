import { aNewScan, aPendingScan } from '../../support/builders/a-scan.js';
import { anOrder } from '../../support/builders/an-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const TURN = { leaseMs: 10_000, earlyMs: 250 };
const GAP_MS = 20;

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

  it('gives no claim, and lists nothing as due, but lets a scan at its deadline end (failures 4)', async () => {
    const due = await aPendingScan(stores, { leaseMs: 0 });
    const overdue = await aPendingScan(stores, { leaseMs: 0, windowMs: 0 });
    await stores.scans.pause(60_000);
    for (const turn of [TURN, { ...TURN, gapMs: GAP_MS }]) {
      expect(await stores.scans.claim(due.scanId, turn)).toBeUndefined();
    }
    expect(await stores.due('decode')).toEqual([]);
    expect(await stores.due('give_up')).toEqual([overdue.scanId]);
    expect(await stores.scans.claim(overdue.scanId, TURN)).toMatchObject({ isOverdue: true });
  });

  it('lets many go on one after another when it is over, without making up for lost calls (failures 4)', async () => {
    const waited = await Promise.all(Array.from({ length: 20 }, () => aPendingScan(stores, { leaseMs: 0 })));
    await stores.scans.pause(1_000);
    const during = await Promise.all(Array.from({ length: 20 }, () => aPendingScan(stores)));
    const [{ until }] = (await stores.sql('select until from decode_pause')) as [{ until: Date }]; // always one row
    await stores.freezeClock(new Date(until.getTime() + 5 * GAP_MS + 1));
    const ids = [...waited, ...during].map(({ scanId }) => scanId);
    const won = await Promise.all(ids.map((id) => stores.scans.claim(id, { ...TURN, gapMs: GAP_MS })));
    expect(won.filter(Boolean)).toHaveLength(6);
  });

  it('never makes a scan wait longer than its window', async () => {
    await stores.scans.pause(60_000);
    const begun = await stores.scans.begin(aNewScan({ windowMs: 1_000 }));
    expect(begun.scan.nextAttemptAt).toEqual(begun.scan.givesUpAt);
  });

  it('is needed: without its row no scan can begin', async () => {
    await stores.sql('delete from decode_pause');
    await expect(stores.scans.begin(aNewScan())).rejects.toThrow('neither be begun nor found');
  });

  it('is over by itself', async () => {
    await stores.scans.pause(-1);
    expect(await stores.scans.begin(aNewScan())).toMatchObject({ mayAskNow: true });
    expect(await anOrder(stores).decoded()).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
  });
});

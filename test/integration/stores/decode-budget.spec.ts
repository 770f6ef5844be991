import { aPendingScan } from '../../support/builders/a-scan.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const GAP_MS = 25;
const TURN = { leaseMs: 10_000, earlyMs: 0, gapMs: GAP_MS };
/** Calls that may be made up for after a quiet time: those of the last half second, and the one that is due. */
const MOST_AT_ONCE = 21;

describe('the budget of repeated decode calls (failures 4)', () => {
  let stores: OpenedStores;
  let nowMs: number;
  beforeEach(async () => {
    stores = await OpenedStores.open(16);
  });
  afterEach(() => stores.close());

  async function dueScans(count: number): Promise<string[]> {
    const scans = await Promise.all(
      Array.from({ length: count }, () => aPendingScan(stores, { leaseMs: 0, windowMs: 3_600_000 })),
    );
    // Their leases end at a microsecond, and our times are cut to milliseconds.
    nowMs = (await stores.now()).getTime() + 1;
    await stores.freezeClock(new Date(nowMs));
    return scans.map(({ scanId }) => scanId);
  }

  async function passes(ms: number): Promise<void> {
    nowMs += ms;
    await stores.sql('update test_clock set now = $1', [new Date(nowMs)]);
  }

  const claim = async (ids: readonly string[]): Promise<number> => {
    const won = await Promise.all(ids.map((id) => stores.scans.claim(id, TURN)));
    return won.filter((one) => one !== undefined).length;
  };

  const take = async (limit = 1_000): Promise<number> => {
    const share = { graceMs: 0, restMs: 3_600_000, limit };
    return (await stores.sweeps.takeScans(share, GAP_MS)).rows.length;
  };

  it('gives no more claims than it has calls, however many come at the same moment', async () => {
    const ids = await dueScans(30);
    expect(await claim(ids)).toBe(MOST_AT_ONCE);
    expect(await claim(ids)).toBe(0);
    await passes(GAP_MS - 1);
    expect(await claim(ids)).toBe(0);
    await passes(1);
    expect(await claim(ids)).toBe(1);
    await passes(5 * GAP_MS);
    expect(await claim(ids)).toBe(5);
  });

  it('leaves a scan without a call in the budget unchanged: due', async () => {
    const ids = await dueScans(MOST_AT_ONCE + 1);
    await claim(ids);
    await passes(GAP_MS);
    const [left, ...others] = await stores.due('decode');
    expect([ids.includes(left!), others]).toEqual([true, []]);
  });

  it('is shared by jobs, the backlog and any number of sweepers at the same moment', async () => {
    const ids = await dueScans(40);
    expect(await claim(ids.slice(0, 3))).toBe(3);
    let taken = 0;
    for (let looks = 0; looks < 5; looks += 1) {
      for (const rows of await Promise.all([take(4), take(4), take(4), take()])) taken += rows;
    }
    expect(taken).toBe(MOST_AT_ONCE - 3);
    expect(await claim(ids)).toBe(0);
  });

  it('is reduced only by claims that succeeded', async () => {
    const ids = await dueScans(30);
    expect(await take(4)).toBe(4);
    expect(await claim(['00000000-0000-4000-8000-000000000000'])).toBe(0);
    expect(await claim(ids)).toBe(MOST_AT_ONCE - 4);
  });

  it('reports the number it allowed, also when nothing is due', async () => {
    await dueScans(2);
    const share = { graceMs: 0, restMs: 1_000, limit: 7 };
    const look = () => stores.sweeps.takeScans(share, GAP_MS);
    expect(await look()).toMatchObject({ allowed: 7, rows: [{}, {}] });
    expect(await look()).toEqual({ allowed: 7, rows: [] });
  });

  it('claims nothing while another transaction holds the budget, and leaves the rows unlocked', async () => {
    await dueScans(5);
    await stores.database.transaction(async (transaction) => {
      await transaction.run({ name: 'hold', text: 'update decode_budget set free_at = free_at' }, []);
      expect(await take()).toBe(0);
    });
    expect(await take()).toBe(5);
  });

  it('claims the longest waiting first', async () => {
    const ids = await dueScans(3);
    const times = [3, 1, 2].map((minutes) => new Date(nowMs - minutes * 60_000));
    for (const [at, id] of ids.entries()) {
      await stores.sql('update scan set next_attempt_at = $2 where scan_id = $1', [id, times[at]]);
    }
    const share = { graceMs: 0, restMs: 1_000, limit: 10 };
    const { rows } = await stores.sweeps.takeScans(share, GAP_MS);
    expect(rows.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[1]]);
  });

  it('uses no call for a row that was claimed from the backlog or only has to end', async () => {
    const ids = await dueScans(30);
    await claim(ids);
    const overdue = await aPendingScan(stores, { leaseMs: 0, windowMs: 0 });
    expect(await claim([overdue.scanId])).toBe(1);
    const left = (
      await stores.sql<{ scan_id: string }>('select scan_id from scan where lease_until <= db_now()')
    )[0]!;
    expect(await stores.scans.claim(left.scan_id, { leaseMs: 10_000, earlyMs: 0 })).toBeDefined();
  });

  it('allows one at a time where few are allowed', async () => {
    const ids = await dueScans(3);
    const share = { graceMs: 0, restMs: 0, limit: 10 };
    expect((await stores.sweeps.takeScans(share, 1_000)).rows).toHaveLength(1);
    await passes(499);
    expect(await stores.scans.claim(ids[1]!, { ...TURN, gapMs: 1_000 })).toBeUndefined();
    await passes(1);
    expect(await stores.scans.claim(ids[1]!, { ...TURN, gapMs: 1_000 })).toBeDefined();
  });

  it('does not wait for a clock that was set back', async () => {
    const ids = await dueScans(30);
    await stores.sql(`update decode_budget set free_at = db_now() + interval '1 hour'`);
    expect(await claim(ids)).toBeGreaterThan(0);
    await stores.sql(`update decode_budget set free_at = db_now() + interval '1 hour'`);
    expect(await take()).toBeGreaterThan(0);
  });
});

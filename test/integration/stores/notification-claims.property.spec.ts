import fc from 'fast-check';
import { mayHaveLeftSome } from '../../../src/platform/delivery/due-claimer.js';
import { anOrder } from '../../support/builders/an-order.js';
import { claimNotifications } from '../../support/builders/claim-notifications.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(120_000);

const HOSTS = ['a.test', 'b.test', 'c.test'];
const EACH = 4;

/** Numbers of free slots, up to more than the whole backlog. */
const room = fc.oneof(
  fc
    .record({ all: fc.nat(6), backlog: fc.nat(6) })
    .map(({ all, backlog }) => ({ all, backlog: Math.min(all, backlog) })),
  fc.constant({ all: 1, backlog: 1, isProbe: true }),
);
const wish = fc.record({
  slots: fc.integer({ min: 1, max: 16 }),
  reserve: fc.nat(16),
  usualRoom: room,
  rooms: fc.uniqueArray(fc.tuple(fc.constantFrom(...HOSTS), room), { selector: ([host]) => host }),
});
/** For how long each is due; those below zero are not due yet. */
const ages = fc.array(fc.constantFrom<number[]>(-60_000, 100, 2_000, 30_000, 90_000), {
  minLength: HOSTS.length * EACH,
  maxLength: HOSTS.length * EACH,
});

/** One is due where there is room for all; all are due where one may be claimed. */
const EXAMPLES = [
  [dueOf(1), { slots: 16, reserve: 0, usualRoom: { all: 6, backlog: 6 }, rooms: [] }],
  [dueOf(HOSTS.length * EACH), { slots: 1, reserve: 0, usualRoom: { all: 6, backlog: 6 }, rooms: [] }],
] satisfies [number[], unknown][];

function dueOf(count: number): number[] {
  return Array.from({ length: HOSTS.length * EACH }, (_, at) => (at < count ? 2_000 : -60_000));
}

describe('claims of notifications', () => {
  let stores: OpenedStores;
  let ids: string[];
  beforeAll(async () => {
    stores = await OpenedStores.open();
    const urls = HOSTS.flatMap((host) => Array.from({ length: EACH }, () => `https://${host}/notify`));
    const orders = await Promise.all(urls.map((notifyUrl) => anOrder(stores).with({ notifyUrl }).declined()));
    ids = orders.map(({ paymentId }) => paymentId);
  });
  afterAll(() => stores.close());

  /** Frees all of them, each due for so long. */
  async function dueFor(agesMs: readonly number[]): Promise<void> {
    await stores.sql(
      `update notification set lease_until = null, next_attempt_at = db_now() - due.age_ms * interval '1 ms'
       from unnest($1::uuid[], $2::int[]) due (id, age_ms) where payment_id = due.id`,
      [ids, agesMs],
    );
  }

  it('leave nothing behind that is due unless they reach one of their limits', async () => {
    const seen = { tookAll: 0, leftSome: 0 };
    await fc.assert(
      fc.asyncProperty(ages, wish, async (agesMs, { rooms, reserve, ...limits }) => {
        await dueFor(agesMs);
        const wanted = { ...limits, reserve: Math.min(reserve, limits.slots), rooms: new Map(rooms) };
        const claim = await claimNotifications(stores, wanted);
        const { claimed: left } = await claimNotifications(stores);
        const due = agesMs.filter((age) => age > 0).length;
        expect(claim.claimed.length + left.length).toBe(due);
        if (
          !mayHaveLeftSome(wanted, { lanes: claim.claimed.map(({ host }) => host), missed: claim.missed })
        ) {
          expect(left).toHaveLength(0);
          if (due > 0) seen.tookAll += 1;
        }
        if (left.length > 0) seen.leftSome += 1;
      }),
      { numRuns: 200, examples: EXAMPLES },
    );
    expect(Math.min(seen.tookAll, seen.leftSome)).toBeGreaterThan(0);
  });
});

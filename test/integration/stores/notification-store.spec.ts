import { randomUUID } from 'node:crypto';
import { anOrder } from '../../support/builders/an-order.js';
import { claimedNotification, claimNotifications } from '../../support/builders/claim-notifications.js';
import { evidence } from '../../support/builders/a-scan.js';
import { keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

const again = { status: 'PENDING', delayMs: 0, requestedBy: 'schedule' } as const;
const delivered = { status: 'DELIVERED', requestedBy: 'schedule' } as const;
const unknown = evidence({ outcome: 'unknown', reason: 'timeout' });

describe('NotificationStore', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(20);
  });
  afterAll(() => stores.close());

  const attemptsOf = (paymentId: string) =>
    stores.sql<{ attempt: number; outcome: string; reason: string | null; requested_by: string }>(
      'select * from notification_attempt where payment_id = $1 order by attempt_id',
      [paymentId],
    );
  const notificationOf = async (paymentId: string) => (await keptOrder(stores, paymentId)).notifications[0]!;

  it('is claimed by one of many at the same moment, with the frozen bytes', async () => {
    const { paymentId, notifyUrl } = await anOrder(stores).paid();
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => claimedNotification(stores, paymentId)),
    );
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toMatchObject([{ paymentId, url: notifyUrl, host: new URL(notifyUrl).host, tries: 0 }]);
    const { body, body_sha256: bodySha256 } = await notificationOf(paymentId);
    expect(won[0]).toMatchObject({ body, bodySha256 });
    expect(await claimedNotification(stores, paymentId)).toBeUndefined();
    await stores.notifications.release([paymentId]);
    expect(await claimedNotification(stores, paymentId)).toMatchObject({ tries: 0 });
  });

  it('numbers its attempts, keeps the evidence of each and sets the next attempt', async () => {
    const { paymentId } = await anOrder(stores).paid();
    for (const tries of [1, 2, 3]) {
      await claimNotifications(stores);
      expect(await stores.notifications.record(paymentId, unknown, again)).toMatchObject({ tries });
    }
    expect(await attemptsOf(paymentId)).toMatchObject([
      { attempt: 1, outcome: 'unknown', reason: 'timeout', requested_by: 'schedule' },
      { attempt: 2 },
      { attempt: 3 },
    ]);
    expect(await notificationOf(paymentId)).toMatchObject({ status: 'PENDING', tries: 3 });
    expect(
      await stores.notifications.record(paymentId, unknown, { ...again, delayMs: 60_000 }),
    ).toMatchObject({
      tries: 4,
      delayMs: 60_000,
    });
    expect(await claimedNotification(stores, paymentId)).toBeUndefined();
  });

  it('is delivered for good: nothing claims, parks or retries it any more', async () => {
    const { paymentId } = await anOrder(stores).paid();
    await stores.notifications.record(paymentId, evidence(), delivered);
    const before = await notificationOf(paymentId);
    expect(before).toMatchObject({ status: 'DELIVERED', tries: 1, next_attempt_at: null });
    expect(await claimedNotification(stores, paymentId)).toBeUndefined();
    expect(await stores.notifications.record(paymentId, unknown, again)).toBeUndefined();
    expect(await stores.notifications.record(paymentId, evidence(), delivered)).toBeUndefined();
    await stores.notifications.release([paymentId]);
    expect(await stores.notifications.park(paymentId, 'late')).toBe(false);
    expect(await notificationOf(paymentId)).toEqual(before);
    expect(await attemptsOf(paymentId)).toHaveLength(3);
    expect(await stores.orders.find(paymentId)).toMatchObject({ notificationStatus: 'DELIVERED' });
  });

  it('is parked once, and only an acknowledgement that was on its way still counts', async () => {
    const { paymentId } = await anOrder(stores).declined();
    const parked = await Promise.all([1, 2, 3].map(() => stores.notifications.park(paymentId, 'host')));
    expect(parked.filter(Boolean)).toHaveLength(1);
    expect(await claimedNotification(stores, paymentId)).toBeUndefined();
    expect(await stores.notifications.record(paymentId, unknown, again)).toBeUndefined();
    expect(await notificationOf(paymentId)).toMatchObject({ status: 'PARKED', next_attempt_at: null });
    expect(await stores.notifications.record(paymentId, evidence(), delivered)).toBeDefined();
    expect(await notificationOf(paymentId)).toMatchObject({ status: 'DELIVERED' });
  });

  it('never changes its bytes or its address', async () => {
    const { paymentId } = await anOrder(stores).paid();
    for (const change of ["body = 'x'", "url = 'https://elsewhere.test'", "body_sha256 = sha256('x')"]) {
      await expect(
        stores.sql(`update notification set ${change} where payment_id = $1`, [paymentId]),
      ).rejects.toMatchObject({ code: '23000' });
    }
  });

  it('is claimed only up to the free slots, for each host up to its limit, and new ones before old ones', async () => {
    await claimNotifications(stores);
    const to = async (host: string, dueForMs: number): Promise<string> => {
      const order = await anOrder(stores)
        .with({ notifyUrl: `https://${host}/notify` })
        .declined();
      await stores.sql(
        `update notification set next_attempt_at = db_now() - $2 * interval '1 ms' where payment_id = $1`,
        [order.paymentId, dueForMs],
      );
      return order.paymentId;
    };
    const old = [await to('a.test', 90_000), await to('a.test', 80_000), await to('a.test', 70_000)];
    const fresh = [await to('a.test', 400), await to('a.test', 200), await to('a.test', 0)];
    const other = await to('b.test', 60_000);
    const take = async (wish: Parameters<typeof claimNotifications>[1]) => {
      const { claimed } = await claimNotifications(stores, wish);
      const ids = claimed.map(({ paymentId }) => paymentId);
      await stores.notifications.release(ids);
      return ids.sort();
    };
    const rooms = (all: number, backlog: number) => new Map([['a.test', { all, backlog }]]);
    expect(await take({ slots: 2 })).toEqual([fresh[1], fresh[2]].sort());
    expect(await take({ slots: 4, rooms: rooms(0, 0) })).toEqual([other]);
    expect(await take({ rooms: rooms(4, 4) })).toEqual([...fresh, old[0], other].sort());
    expect(await take({ rooms: rooms(10, 1) })).toEqual([...fresh, old[0], other].sort());
    expect(await take({ usualRoom: { all: 1, backlog: 1 } })).toEqual([fresh[2], other].sort());
    const probe = { all: 1, backlog: 1, isProbe: true };
    expect(await take({ rooms: new Map([['a.test', probe]]) })).toEqual([old[0], other].sort());
    expect(await take({ slots: 5, reserve: 2 })).toEqual(fresh.toSorted());
    expect(await take({})).toEqual([...fresh, ...old, other].sort());
  });

  it('is skipped while another worker is claiming it, and counted', async () => {
    await claimNotifications(stores);
    const orders = [await anOrder(stores).declined(), await anOrder(stores).declined()];
    await stores.dataSource.transaction(async (session) => {
      await session.query('select 1 from notification where payment_id = $1 for update', [
        orders[0]?.paymentId,
      ]);
      const { claimed, missed } = await claimNotifications(stores);
      expect(claimed).toMatchObject([{ paymentId: orders[1]?.paymentId }]);
      expect(missed).toBe(1);
    });
  });

  it('records attempts that end together in one statement, and leaves out only rows that cannot be written', async () => {
    const orders = await Promise.all(Array.from({ length: 5 }, () => anOrder(stores).declined()));
    const [spoilt, ...sound] = orders.map(({ paymentId }) => paymentId);
    const ends = await Promise.allSettled([
      stores.notifications.record(spoilt ?? '', evidence({ httpStatus: 2 ** 31 }), delivered),
      ...sound.map((paymentId) => stores.notifications.record(paymentId, evidence(), delivered)),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', ...sound.map(() => 'fulfilled')]);
    for (const paymentId of sound) {
      expect(await notificationOf(paymentId)).toMatchObject({ status: 'DELIVERED', tries: 1 });
      expect(await attemptsOf(paymentId)).toHaveLength(1);
    }
    expect(await notificationOf(spoilt ?? '')).toMatchObject({ status: 'PENDING', tries: 0 });
  });

  it('alarms at ten failed attempts, once', async () => {
    const { paymentId } = await anOrder(stores).paid();
    const alarms: (boolean | undefined)[] = [];
    for (let at = 0; at < 12; at += 1)
      alarms.push((await stores.notifications.record(paymentId, unknown, again))?.isAlarming);
    expect(alarms.map((isAlarming, at) => [isAlarming, at + 1]).filter(([isAlarming]) => isAlarming)).toEqual(
      [[true, 10]],
    );
    await stores.notifications.record(paymentId, evidence(), delivered);
  });

  it('does not exist for an order that is open or unknown', async () => {
    const { paymentId } = await anOrder(stores).decoded();
    for (const id of [paymentId, randomUUID()]) {
      expect(await claimedNotification(stores, id)).toBeUndefined();
      expect(await stores.notifications.park(id, 'host')).toBe(false);
    }
  });

  /** 08:00 at UTC+8 is 00:00 UTC; the day of the order changes at 16:00 UTC. */
  it.each([
    ['2026-03-01T15:59:59.999Z', '2026-03-02T00:00:00.000Z'],
    ['2026-03-01T16:00:00.000Z', '2026-03-03T00:00:00.000Z'],
    ['2026-03-01T16:00:00.001Z', '2026-03-03T00:00:00.000Z'],
    ['2026-03-01T23:59:59.999Z', '2026-03-03T00:00:00.000Z'],
    ['2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'],
    ['2026-03-02T00:00:00.001Z', '2026-03-03T00:00:00.000Z'],
    ['2026-02-28T12:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['2028-02-28T17:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    ['2026-12-31T20:00:00.000Z', '2027-01-02T00:00:00.000Z'],
    ['2026-03-29T01:30:00.000Z', '2026-03-30T00:00:00.000Z'],
  ])(
    'of an order that ended at %s is parked at %s, whatever the time zone of the session',
    async (end, given) => {
      for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai']) {
        const [row] = await stores.dataSource.transaction(async (session) => {
          await session.query(`set local timezone = '${zone}'`);
          return session.query<{ given: Date }[]>('select notification_end($1) as given', [end]);
        });
        expect(row?.given.toISOString()).toBe(given);
      }
    },
  );
});

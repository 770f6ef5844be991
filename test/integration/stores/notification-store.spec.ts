import { randomUUID } from 'node:crypto';
import { anOrder } from '../../support/builders/an-order.js';
import { evidence } from '../../support/builders/a-scan.js';
import { keptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

import.meta.jest.setTimeout(60_000);

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

  it('gives its turn to one of many at the same moment, with the frozen bytes', async () => {
    const { paymentId, notifyUrl } = await anOrder(stores).paid();
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => stores.notifications.claim(paymentId, 10_000, 250)),
    );
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toMatchObject([{ paymentId, url: notifyUrl, tries: 0, isOverdue: false }]);
    const { body, body_sha256: bodySha256 } = await notificationOf(paymentId);
    expect(won[0]).toMatchObject({ body, bodySha256 });
  });

  it('numbers its attempts, keeps the evidence of each and sets the next try', async () => {
    const { paymentId } = await anOrder(stores).paid();
    for (const tries of [1, 2, 3]) {
      await stores.notifications.claim(paymentId, 10_000, 250);
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
    expect(await stores.notifications.claim(paymentId, 10_000, 250)).toBeUndefined();
  });

  it('is delivered for good: nothing claims, parks or retries it any more', async () => {
    const { paymentId } = await anOrder(stores).paid();
    await stores.notifications.record(paymentId, evidence(), delivered);
    const before = await notificationOf(paymentId);
    expect(before).toMatchObject({ status: 'DELIVERED', tries: 1, next_attempt_at: null });
    expect(await stores.notifications.claim(paymentId, 10_000, 250)).toBeUndefined();
    expect(await stores.notifications.record(paymentId, unknown, again)).toBeUndefined();
    expect(await stores.notifications.record(paymentId, evidence(), delivered)).toBeUndefined();
    expect(await stores.notifications.defer(paymentId, 0)).toBeUndefined();
    expect(await stores.notifications.park(paymentId, 'late')).toBe(false);
    expect(await notificationOf(paymentId)).toEqual(before);
    expect(await attemptsOf(paymentId)).toHaveLength(3);
    expect(await stores.orders.find(paymentId)).toMatchObject({ notificationStatus: 'DELIVERED' });
  });

  it('is parked once, and only an acknowledgement that was on its way still counts', async () => {
    const { paymentId } = await anOrder(stores).declined();
    const parked = await Promise.all([1, 2, 3].map(() => stores.notifications.park(paymentId, 'host')));
    expect(parked.filter(Boolean)).toHaveLength(1);
    expect(await stores.notifications.claim(paymentId, 10_000, 250)).toBeUndefined();
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

  it('raises an alarm once for each threshold', async () => {
    const { paymentId } = await anOrder(stores).paid();
    const raised = await Promise.all(
      ['1h', '1h', '6h', '1h'].map((threshold) => stores.notifications.raise(paymentId, threshold)),
    );
    expect(raised.filter(Boolean)).toHaveLength(2);
  });

  it('lists what is due past its grace and free', async () => {
    const due = await anOrder(stores).paid();
    const leased = await anOrder(stores).paid();
    await stores.notifications.claim(leased.paymentId, 10_000, 250);
    const later = await anOrder(stores).paid();
    await stores.notifications.defer(later.paymentId, 5_000);
    const found = await stores.due('notify');
    expect(found).toContain(due.paymentId);
    expect(found).not.toContain(leased.paymentId);
    expect(found).not.toContain(later.paymentId);
    expect(await stores.due('notify', 60_000)).not.toContain(due.paymentId);
  });

  it('is nothing for an order that is not final, or that never was', async () => {
    const { paymentId } = await anOrder(stores).decoded();
    for (const id of [paymentId, randomUUID()]) {
      expect(await stores.notifications.claim(id, 10_000, 250)).toBeUndefined();
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
    'of an order that ended at %s is given up at %s, whatever the time zone of the session',
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

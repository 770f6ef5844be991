import { randomUUID } from 'node:crypto';
import {
  EVENT_OF_LINE,
  EVENT_TYPE_NAMES,
  type EventType,
} from '../../../src/payment-order/event/event-type.js';
import type { ClaimedDelivery, NamedEndpoint } from '../../../src/payment-order/event/event.store.js';
import { PAYMENT_STATUSES } from '../../../src/payment-order/order/payment-status.js';
import { aPendingScan } from '../../support/builders/a-scan.js';
import { anOrder } from '../../support/builders/an-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

const TRY_FOR_MS = 3_600_000;
const ALL: readonly NamedEndpoint[] = [{ name: 'core' }];

describe('events', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open();
  });
  afterAll(() => stores.close());
  beforeEach(async () => {
    await stores.sql('truncate wallet_event, event_delivery, event_resend, event_endpoint');
    await stores.letClockRun();
  });

  const types = async (): Promise<EventType[]> =>
    (await stores.sql<{ type: EventType }>('select type from wallet_event order by sequence')).map(
      ({ type }) => type,
    );
  const spread = () => stores.events.spread(100, TRY_FOR_MS);
  const claim = async (leaseMs = 60_000): Promise<readonly ClaimedDelivery[]> => {
    const room = { all: 100, backlog: 100 };
    const request = { leaseMs, slots: 100, reserve: 0, usualRoom: room, rooms: new Map() };
    return (await stores.events.claim(request)).claimed;
  };
  const delivered = ({ deliveryId }: ClaimedDelivery) =>
    stores.events.record(deliveryId, { status: 'DELIVERED', outcome: 'http_204', requestedBy: 'schedule' });
  const typeOf = async ({ eventId }: ClaimedDelivery) => (await stores.events.read(eventId))?.type;
  const mustHave = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('there is none');
    return value;
  };

  it('are the lines of the history that the table in the code names, in the words of the database too', async () => {
    for (const [line, type] of Object.entries(EVENT_OF_LINE)) {
      const rows = await stores.sql<{ type: string | null }>(
        'select payment_event_type($1, status) as type from unnest($2::text[]) status',
        [line, PAYMENT_STATUSES],
      );
      const expected = PAYMENT_STATUSES.map((status) => (typeof type === 'function' ? type(status) : type));
      expect({ line, types: rows.map((row) => row.type) }).toEqual({ line, types: expected });
    }
    const [unknown] = await stores.sql(`select payment_event_type('NEVER_HEARD_OF', 'PAID') as type`);
    expect(unknown).toEqual({ type: null });
  });

  it('are not written while there is no receiver, nor when their type is not wanted', async () => {
    await anOrder(stores).paid();
    expect(await types()).toEqual([]);
    await stores.events.setEndpoints([{ name: 'core', types: ['payment.paid'] }]);
    await anOrder(stores).paid();
    expect(await types()).toEqual(['payment.paid']);
    await stores.events.setEndpoints([]);
    await anOrder(stores).paid();
    expect(await types()).toEqual(['payment.paid']);
  });

  it('are written with the change, one for each, and not without it', async () => {
    await stores.events.setEndpoints(ALL);
    const { paymentId } = await anOrder(stores).paid();
    expect(await types()).toEqual(['payment.decoded', 'payment.debiting', 'payment.paid']);
    const lines = await stores.sql('select history_id from payment_history where payment_id = $1', [
      paymentId,
    ]);
    expect(await stores.sql('select history_id from wallet_event order by sequence')).toEqual(lines);

    const undone = new Error('undone');
    await expect(
      stores.database.transaction(async (transaction) => {
        await anOrder(stores.within(transaction)).decoded();
        throw undone;
      }),
    ).rejects.toBe(undone);
    expect(await types()).toHaveLength(3);
  });

  it('include a scan that led to no payment, once', async () => {
    await stores.events.setEndpoints(ALL);
    const { scanId } = await aPendingScan(stores, { leaseMs: 0, windowMs: 0 });
    expect(await types()).toEqual([]);
    await stores.scans.giveUp(scanId);
    await stores.scans.giveUp(scanId);
    expect(await types()).toEqual(['scan.given_up']);
    await spread();
    const event = await stores.events.read(mustHave((await claim())[0]).eventId);
    expect(event).toMatchObject({ type: 'scan.given_up', about: { kind: 'scan', scanId } });
  });

  it('go out in their order: the next one of a payment is due when the one before it is delivered', async () => {
    await stores.events.setEndpoints([...ALL, { name: 'ledger', types: ['payment.paid'] }]);
    await anOrder(stores).paid();
    expect(await spread()).toEqual({ events: 3, deliveries: 4 });
    expect(await spread()).toEqual({ events: 0, deliveries: 0 });
    const first = await claim();
    expect(first.map(({ endpoint }) => endpoint).toSorted()).toEqual(['core', 'ledger']);
    const decoded = mustHave(first.find(({ endpoint }) => endpoint === 'core'));
    expect(await typeOf(decoded)).toBe('payment.decoded');
    expect(await claim()).toEqual([]);

    expect(await delivered(decoded)).toMatchObject({ hasNext: true, tries: 1 });
    const second = await claim();
    expect(await Promise.all(second.map(typeOf))).toEqual(['payment.debiting']);
    await delivered(mustHave(second[0]));
    const third = await claim();
    expect(await Promise.all(third.map(typeOf))).toEqual(['payment.paid']);
    expect(await delivered(mustHave(third[0]))).toMatchObject({ hasNext: false });
  });

  it('keep their order while another worker has claimed the earlier one and not yet recorded its outcome', async () => {
    await stores.events.setEndpoints(ALL);
    await anOrder(stores).paid();
    await stores.database.transaction(async (another) => {
      await stores.within(another).events.spread(1, TRY_FOR_MS);
      expect(await spread()).toEqual({ events: 2, deliveries: 2 });
      expect(await claim()).toEqual([]);
    });
    const [first, ...more] = await claim();
    expect([await typeOf(mustHave(first)), more]).toEqual(['payment.decoded', []]);
  });

  it('of other payments do not wait, and one that waits is found by itself when its job was missed', async () => {
    await stores.events.setEndpoints(ALL);
    await anOrder(stores).paid();
    await anOrder(stores).decoded();
    await spread();
    const heads = await claim();
    expect(heads).toHaveLength(2);
    // The process that made the one before it DONE died before it could poke the queue.
    await stores.sql(`update event_delivery set next_attempt_at = db_now() where lease_until is null`);
    const early = await claim();
    expect(early.map(({ isBlocked }) => isBlocked)).toEqual([true, true]);
    for (const { deliveryId } of early) await stores.events.defer(deliveryId);
    expect(await claim()).toEqual([]);
    for (const head of heads) await delivered(head);
    const [next, ...more] = await claim();
    expect([await typeOf(mustHave(next)), mustHave(next).isBlocked, more]).toEqual([
      'payment.debiting',
      false,
      [],
    ]);
  });

  it('are tried again until their time is over, then parked, and let the next one pass', async () => {
    await stores.events.setEndpoints(ALL);
    const start = new Date('2026-03-01T00:00:00Z');
    await stores.freezeClock(start);
    await anOrder(stores).paid();
    await spread();
    const [failing] = await claim();
    const { deliveryId } = mustHave(failing);
    const end = { status: 'PENDING', outcome: 'http_500', delayMs: 5_000, requestedBy: 'schedule' } as const;
    expect(await stores.events.record(deliveryId, end)).toMatchObject({ tries: 1, delayMs: 5_000 });
    expect(await claim()).toEqual([]);
    await stores.freezeClock(new Date(start.getTime() + 5_000));
    expect((await claim()).filter(({ isBlocked }) => !isBlocked)).toMatchObject([
      { deliveryId, scheduleTries: 1 },
    ]);
    await stores.freezeClock(new Date(start.getTime() + TRY_FOR_MS));
    expect(await claim()).toEqual([]);
    const parked = await stores.events.parkOverdue(100, 'late');
    expect(parked).toEqual(parked.map((one) => ({ ...one, endpoint: 'core', isTold: true })));
    expect(parked).toHaveLength(3);
    // An acknowledgement that came after all counts.
    await stores.events.record(deliveryId, {
      status: 'DELIVERED',
      outcome: 'http_200',
      requestedBy: 'schedule',
    });
    expect(await stores.sql('select status, last_outcome from event_delivery order by sequence')).toEqual([
      { status: 'DELIVERED', last_outcome: 'http_200' },
      { status: 'PARKED', last_outcome: 'late' },
      { status: 'PARKED', last_outcome: 'late' },
    ]);
    expect(await stores.events.oldestUndelivered()).toMatchObject([{ endpoint: 'core', status: 'PARKED' }]);
  });

  it('keep the bytes that were written first', async () => {
    await stores.events.setEndpoints(ALL);
    await anOrder(stores).decoded();
    await spread();
    const { eventId } = mustHave((await claim())[0]);
    expect(await stores.events.freeze(eventId, Buffer.from('first'))).toEqual(Buffer.from('first'));
    expect(await stores.events.freeze(eventId, Buffer.from('second'))).toEqual(Buffer.from('first'));
    expect(await stores.events.freeze(randomUUID(), Buffer.from('nobody'))).toBeUndefined();
  });

  it('are deleted with their deliveries when they are old, but not before they are delivered', async () => {
    await stores.events.setEndpoints(ALL);
    await anOrder(stores).decoded();
    await spread();
    await stores.sql(`update wallet_event set at = at - interval '40 days'`);
    expect(await stores.events.forget(30, 10)).toBe(0);
    await delivered(mustHave((await claim())[0]));
    expect(await stores.events.forget(50, 10)).toBe(0);
    expect(await stores.events.forget(30, 10)).toBe(1);
    expect(await stores.sql('select from event_delivery')).toEqual([]);
  });

  it('can have every listed type, and no other', async () => {
    for (const type of EVENT_TYPE_NAMES)
      await stores.sql('insert into wallet_event (event_id, type, scan_id, at) values ($2, $1, $2, now())', [
        type,
        randomUUID(),
      ]);
    await expect(
      stores.sql(
        `insert into wallet_event (event_id, type, scan_id, at)
         values (gen_random_uuid(), 'payment.lost', gen_random_uuid(), now())`,
      ),
    ).rejects.toThrow('wallet_event_type_ck');
  });
});

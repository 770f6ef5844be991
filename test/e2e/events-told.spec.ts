import { randomUUID } from 'node:crypto';
import { setDatabaseClock } from '../support/database/database-clock.js';
import type { Json } from '../support/service/api-client.js';
import { EventEndpoint } from '../support/service/event-endpoint.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

const PAID = ['payment.decoded', 'payment.debiting', 'payment.paid'];

describe("the wallet's back end gets events", () => {
  let endpoint: EventEndpoint;
  let test: TestService;
  beforeAll(async () => {
    endpoint = await EventEndpoint.start();
    test = await startTestService({
      callsBack: true,
      environment: {
        EVENTS_ENDPOINTS_FILE: endpoint.file,
        EVENTS_SCHEDULE_MS: '100',
        EVENTS_GIVE_UP_HOURS: '1',
      },
    });
    // The first check of a worker writes the endpoint into the database; earlier changes have no event.
    await until('events are written', () => logged('event.endpoints_set').length > 0);
  });
  afterAll(async () => {
    await test?.stop();
    await endpoint.stop();
  });
  beforeEach(() => {
    endpoint.answer = () => 204;
  });
  afterEach(() => expect(endpoint.unsigned).toBe(0));

  it('of a payment that is paid and refunded, signed and in order', async () => {
    const payment = await paid('twin:S;pay=1000JPY;rate=8.5614');
    await untilTaken(payment.paymentId, PAID);
    const told = endpoint.told.find(
      ({ type, paymentId }) => [type, paymentId].join() === ['payment.paid', payment.paymentId].join(),
    );
    expect(told?.message.data).toMatchObject({
      change: { fromStatus: 'DEBITING', toStatus: 'PAID' },
      payment: { paymentId: payment.paymentId, status: 'PAID' },
    });

    const refundRequestId = `refund-${randomUUID()}`;
    await test.books.refund(payment.paymentRequestId, {
      refundRequestId,
      paymentId: payment.paymentId,
      refundAmount: { value: '1000', currency: 'JPY' },
      refundFromAmount: { value: '8561', currency: 'HKD' },
    });
    await untilTaken(payment.paymentId, [...PAID, 'payment.refund_requested', 'payment.refunded']);
  });

  it('of one that is cancelled after it was paid, and given back', async () => {
    const payment = await paid('twin:S');
    await test.books.cancel(payment.paymentRequestId);
    await untilTaken(payment.paymentId, [...PAID, 'payment.cancelled', 'payment.reversed']);
  });

  it('again after a 500, with the same id and bytes, before the next event', async () => {
    let failures = 0;
    endpoint.answer = ({ type }) => (type === 'payment.decoded' && (failures += 1) < 3 ? 500 : 204);
    const payment = await paid('twin:S');
    await untilTaken(payment.paymentId, PAID);
    const all = endpoint.told.filter(({ paymentId }) => paymentId === payment.paymentId);
    expect(all.map(({ type, answered }) => [type, answered])).toEqual([
      ['payment.decoded', 500],
      ['payment.decoded', 500],
      ['payment.decoded', 204],
      ['payment.debiting', 204],
      ['payment.paid', 204],
    ]);
    const [first, second, third] = all;
    expect([second?.id, third?.id]).toEqual([first?.id, first?.id]);
    expect([second?.message, third?.message]).toEqual([first?.message, first?.message]);
  });

  it('none while it refuses: the payer still pays, then the event is parked and an operator resends it', async () => {
    // It refuses this one event, so that the endpoint itself is not paused for it.
    endpoint.answer = ({ type }) => (type === 'payment.decoded' ? 422 : 204);
    const payment = await paid('twin:S;expire=5h');
    const open = await test.app.decodedPayment(`twin:S;expire=1h#${randomUUID()}`);
    await until('it was refused', () => endpoint.told.some(({ paymentId }) => paymentId === open.paymentId));
    await setDatabaseClock(test.database.url, `clock_timestamp() + interval '2 hours'`);
    const parked = await until('it is parked', async () => {
      const [event] = await eventsOf(payment.paymentId, 'payment.decoded');
      return event?.deliveries[0]?.status === 'PARKED' && event;
    });
    expect(parked.deliveries).toMatchObject([{ endpoint: 'core', status: 'PARKED' }]);
    expect(logged('event.parked')).toContainEqual(
      expect.objectContaining({ eventId: parked.eventId, alarm: true }),
    );
    // It lets later events pass, and its time is over for a payment that nobody paid.
    await until(
      'it is told that it expired',
      () => endpoint.taken(open.paymentId).at(-1) === 'payment.expired',
    );

    endpoint.answer = () => 204;
    const path = `/v1/operations/events/${parked.eventId}/resend`;
    for (const [address, body, field] of [
      [path, { reason: 'x', endpoint: 'cor' }, 'endpoint'],
      [
        '/v1/operations/events/resend',
        { reason: 'x', endpoint: 'cor', since: '2026-03-01T00:00:00Z' },
        'endpoint',
      ],
      [
        '/v1/operations/events/resend',
        { reason: 'x', since: '2026-03-02T00:00:00Z', until: '2026-03-01T00:00:00Z' },
        'until',
      ],
    ] as const)
      expect(await test.operator.send('POST', address, body)).toMatchObject({
        status: 400,
        body: { errors: [{ field }] },
      });
    expect((await test.operator.send('POST', path, { reason: 'it takes them again' })).status).toBe(202);
    await until('it is delivered', async () => {
      const [event] = await eventsOf(payment.paymentId, 'payment.decoded');
      return event?.deliveries[0]?.status === 'DELIVERED';
    });
    expect(endpoint.told.at(-1)).toMatchObject({ id: parked.eventId, answered: 204 });
    const { body } = await test.operator.operations(`/events/${parked.eventId}`);
    expect(body.resends).toMatchObject([{ endpoint: 'core', reason: 'it takes them again' }]);
  });

  const paid = async (code: string): Promise<Json> => {
    const payment = await test.app.decodedPayment(`${code}#${randomUUID()}`);
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    return payment;
  };

  const untilTaken = (paymentId: string, types: readonly string[]): Promise<unknown> =>
    until(`${types.join(', ')} were told`, () => {
      const taken = endpoint.taken(paymentId);
      if (taken.length < types.length) return undefined;
      expect(taken).toEqual(types);
      return true;
    });

  const eventsOf = async (paymentId: string, type: string): Promise<Json[]> =>
    (await test.operator.operations(`/events?paymentId=${paymentId}&type=${type}`)).body.events;

  const logged = (event: string): Json[] =>
    test.log.map((line) => JSON.parse(line)).filter((line) => line.event === event);
});

import { randomUUID } from 'node:crypto';
import { redeliverCommand } from '../../scripts/redeliver.js';
import { RedeliveryStore } from '../../src/payment-order/notification/redelivery.store.js';
import { Database } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { ask } from '../support/database/ask.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

const REJECTION = 'F.REPEAT_REQ_INCONSISTENT';

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.stop());

const paid = async (code: string): Promise<Json> => {
  const payment = await test.app.decodedPayment(code);
  expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  return payment;
};

const redeliver = (paymentId: string, body: object = { reason: 'they mended it' }) =>
  test.operator.send('POST', `/v1/operations/payments/${paymentId}/redeliver`, body);

const attemptsIn = (seen: Json): Json[] => seen.timeline.filter(({ what }: Json) => what === 'NOTIFIED');
const eventsIn = (seen: Json, event: string): Json[] =>
  seen.timeline.filter(({ what }: Json) => what === event);

/** A payment whose notification is parked at its end, as by a worker. */
const parked = async (): Promise<{ payment: Json; code: string }> => {
  const code = `twin:S;notify=U,S#${randomUUID()}`;
  const payment = await test.app.decodedPayment(code);
  await ask(test.database.url, 'create table if not exists held (payment_id uuid)');
  await ask(
    test.database.url,
    `create or replace function hold() returns trigger language plpgsql as $$ begin
       if exists (select 1 from held h where h.payment_id = new.payment_id) then new.gives_up_at = db_now(); end if;
       return new; end $$;
     create or replace trigger hold_tr before insert on notification for each row execute function hold()`,
  );
  await ask(test.database.url, 'insert into held values ($1)', [payment.paymentId]);
  expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  await untilNotified(test.operator, payment.paymentId, 'PARKED');
  return { payment, code };
};

describe('a redelivery', () => {
  it('of a parked notification sends the same bytes again and is acknowledged in a new window', async () => {
    const { payment, code } = await parked();
    const before = (await test.operator.operations(`/payments/${payment.paymentId}`)).body;
    const answer = await redeliver(payment.paymentId);
    expect(answer).toMatchObject({
      status: 202,
      body: { notification: { status: 'PENDING', wasStatus: 'PARKED', tries: 0 } },
    });
    expect(answer.headers.get('location')).toBe(`/v1/operations/payments/${payment.paymentId}`);
    const seen = await untilNotified(test.operator, payment.paymentId);
    expect(seen.notification.bodySha256).toBe(before.notification.bodySha256);
    expect(Date.parse(seen.notification.givesUpAt)).toBeGreaterThan(Date.now() + 7 * 3_600_000);
    expect(eventsIn(seen, 'REDELIVERY_REQUESTED')).toMatchObject([
      {
        actor: 'operator:operator',
        reason: 'they mended it',
        notificationWas: 'PARKED',
        from: 'PAID',
        to: 'PAID',
      },
    ]);
    expect(attemptsIn(seen)).toMatchObject([
      { attempt: 1, requestedBy: 'operator:operator', outcome: 'unknown' },
      { attempt: 2, requestedBy: 'schedule', outcome: 'accepted' },
    ]);
    const order = await test.books.order(code);
    const bodies = order.notifications.map((told: Json) => told.bodySha256);
    expect(new Set(bodies)).toEqual(new Set([before.notification.bodySha256]));
    expect(
      await ask(test.database.url, 'select 1 from notification where payment_id = $1', [payment.paymentId]),
    ).toHaveLength(1);
  });

  it('of a rejected one takes effect every time, and each leaves its history', async () => {
    const code = `twin:S;notify=${REJECTION},${REJECTION},${REJECTION},S#${randomUUID()}`;
    const { paymentId } = await paid(code);
    for (const tries of [1, 2, 3]) {
      await until(`try ${tries} was rejected`, async () => {
        const { notification } = (await test.operator.operations(`/payments/${paymentId}`)).body;
        return notification.status === 'REJECTED' && notification.tries === tries;
      });
      expect((await redeliver(paymentId, { reason: `round ${tries}` })).status).toBe(202);
    }
    const seen = await untilNotified(test.operator, paymentId);
    expect(seen.notification.tries).toBe(4);
    expect(eventsIn(seen, 'REDELIVERY_REQUESTED').map(({ reason }) => reason)).toEqual([
      'round 1',
      'round 2',
      'round 3',
    ]);
    const [, ...later] = attemptsIn(seen).map(({ requestedBy }) => requestedBy);
    expect(later).toEqual(Array(3).fill('operator:operator'));
  });

  it('of a delivered one is refused, and changes nothing', async () => {
    const { paymentId } = await paid(`twin:S#${randomUUID()}`);
    const before = await untilNotified(test.operator, paymentId);
    expect(await redeliver(paymentId)).toMatchObject({ status: 409, body: { code: 'ALREADY_DELIVERED' } });
    const after = (await test.operator.operations(`/payments/${paymentId}`)).body;
    expect(after.notification).toEqual(before.notification);
    expect(attemptsIn(after)).toEqual(attemptsIn(before));
  });

  it('of a pending one only makes it due now', async () => {
    await ask(
      test.database.url,
      `create or replace function put_off() returns trigger language plpgsql as $$ begin
         if new.status = 'PENDING' then new.next_attempt_at = db_now() + interval '1 hour'; end if;
         return new; end $$;
       create or replace trigger put_off_tr before update on notification for each row
         when (old.tries = 0 and new.tries = 1) execute function put_off()`,
    );
    const { paymentId } = await paid(`twin:S;notify=drop,S#${randomUUID()}`);
    await until('it waits for a later try', async () => {
      const { notification } = (await test.operator.operations(`/payments/${paymentId}`)).body;
      return notification.tries === 1 && notification.status === 'PENDING';
    });
    await ask(test.database.url, 'drop trigger put_off_tr on notification');
    const before = (await test.operator.operations(`/payments/${paymentId}`)).body;
    expect(await redeliver(paymentId)).toMatchObject({ body: { notification: { wasStatus: 'PENDING' } } });
    const seen = await untilNotified(test.operator, paymentId);
    expect(seen.notification.givesUpAt).toBe(before.notification.givesUpAt);
    expect(attemptsIn(seen).at(-1)).toMatchObject({ requestedBy: 'operator:operator', outcome: 'accepted' });
  });

  it('of a result that is not final or does not exist is refused', async () => {
    const open = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    expect(await redeliver(open.paymentId)).toMatchObject({
      status: 409,
      body: { code: 'RESULT_NOT_FINAL' },
    });
    expect(await redeliver(randomUUID())).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await redeliver('no-uuid')).status).toBe(400);
    expect((await redeliver(open.paymentId, {})).body.errors).toMatchObject([{ field: 'reason' }]);
  });

  it('is for operators only', async () => {
    const path = `/v1/operations/payments/${randomUUID()}/redeliver`;
    expect((await test.app.send('POST', path, { reason: 'x' })).status).toBe(403);
    expect((await test.app.send('POST', '/v1/operations/redeliver', {})).status).toBe(403);
  });
});

describe('a bulk redelivery', () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  const bulk = (body: object) =>
    test.operator.send('POST', '/v1/operations/redeliver', { since, reason: 'all', ...body });
  const idsIn = ({ body }: Json): string[] => body.payments.map(({ paymentId }: Json) => paymentId);

  it('lists without resending unless told to resend, and takes no more than its cap, oldest first', async () => {
    const ours = [await parked(), await parked(), await parked()].map(({ payment }) => payment.paymentId);
    const dry = await bulk({});
    expect(dry).toMatchObject({
      status: 200,
      body: { dryRun: true, found: 3, hasMore: false, requested: 0 },
    });
    expect(idsIn(dry)).toEqual(ours);
    expect(dry.body.payments[0]).toMatchObject({ lastOutcome: 'not_acknowledged_in_time', tries: 0 });
    const first = await bulk({ dryRun: false, cap: 2 });
    expect(first.body).toMatchObject({ dryRun: false, found: 2, hasMore: true, requested: 2 });
    expect(idsIn(first)).toEqual(ours.slice(0, 2));
    for (const paymentId of ours.slice(0, 2)) await untilNotified(test.operator, paymentId);
    expect(idsIn(await bulk({}))).toEqual(ours.slice(2));
    await redeliver(ours[2] ?? '');
    await untilNotified(test.operator, ours[2] ?? '');
  });

  it('selects by status, host and time', async () => {
    const { payment } = await parked();
    const rejected = await paid(`twin:S;notify=${REJECTION}#${randomUUID()}`);
    await untilNotified(test.operator, rejected.paymentId, 'REJECTED');
    const { host, hostname } = new URL(test.twin.url);
    const both = [payment.paymentId, rejected.paymentId];
    expect(idsIn(await bulk({ status: 'REJECTED' }))).toEqual([rejected.paymentId]);
    expect(idsIn(await bulk({ status: 'ALL', host }))).toEqual(both);
    expect(idsIn(await bulk({ status: 'ALL', host: hostname }))).toEqual(both);
    expect(idsIn(await bulk({ status: 'ALL', host: 'other.example' }))).toEqual([]);
    expect(idsIn(await bulk({ status: 'ALL', until: since }))).toEqual([]);
    expect(idsIn(await bulk({ status: 'ALL', since: '2099-01-01T00:00:00Z' }))).toEqual([]);
    const { notification } = (await test.operator.operations(`/payments/${payment.paymentId}`)).body;
    expect(notification.status).toBe('PARKED');
  });

  it.each([
    [{ since: 'yesterday' }, 'since'],
    [{ since: '2026-03-01T08:00:00' }, 'since'],
    [{ cap: 1001 }, 'cap'],
    [{ cap: 0 }, 'cap'],
    [{ status: 'DELIVERED' }, 'status'],
    [{ dryRun: 'false' }, 'dryRun'],
    [{ reason: '' }, 'reason'],
    [{ force: true }, 'force'],
  ])('refuses %j', async (body, field) => {
    expect(await bulk(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('npm run redeliver', () => {
  let database: Database;
  const run = (...args: string[]) => redeliverCommand(args, new RedeliveryStore(database), 'night-shift');
  beforeAll(() => {
    database = new Database(openPool(test.database.url, { name: 'command', max: 2 }));
  });
  afterAll(() => database.pool.end());

  it('lists, then requests; the workers find the due results, and the attempt names the requester', async () => {
    const { payment } = await parked();
    const since = '2026-01-01T00:00:00+08:00';
    const dry = await run('--since', since, '--dry-run', '--json');
    expect(JSON.parse(dry.text).payments.map((found: Json) => found.paymentId)).toContain(payment.paymentId);
    const done = await run('--since', since, '--reason', 'mended');
    expect(done).toMatchObject({ exitCode: 0, text: expect.stringContaining('due now') });
    const seen = await untilNotified(test.operator, payment.paymentId);
    expect(attemptsIn(seen)[0]).toMatchObject({ requestedBy: 'operator:night-shift' });
  });

  it.each([
    [[]],
    [['--since', '2026-01-01T00:00:00Z']],
    [['--since', 'today', '--dry-run']],
    [['--since', '2026-01-01T00:00:00Z', '--dry-run', '--cap', '1001']],
    [['--since', '2026-01-01T00:00:00Z', '--dry-run', '--status', 'PENDING']],
    [['--since', '2026-01-01T00:00:00Z', '--dry-run', '--force']],
  ])('%j is wrong usage', async (args) => {
    expect(await run(...args)).toMatchObject({ exitCode: 2 });
  });
});

import { randomUUID } from 'node:crypto';
import { CONFUSIONS } from '../support/ledgers/confused-ledger.js';
import { startConfusedService, type ConfusedService } from '../support/ledgers/confused-service.js';
import {
  checkDescribed,
  DESCRIBED,
  DESCRIBED_EVENTS,
  eventFaults,
  REQUEST_EXAMPLES,
  seenAnswers,
  wrongExamples,
} from '../support/service/described-answers.js';
import { ApiClient } from '../support/service/api-client.js';
import { EventEndpoint } from '../support/service/event-endpoint.js';
import { parkable, park } from '../support/service/parked-payment.js';
import type { TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(120_000);

/** The client of these tests compares every answer with the description; here no kind of answer is left out. */
describe('the description of the API', () => {
  let endpoint: EventEndpoint;
  let confused: ConfusedService;
  let test: TestService;
  beforeAll(async () => {
    endpoint = await EventEndpoint.start();
    confused = await startConfusedService({
      WALLET_LEDGER_TIMEOUT_MS: '2000',
      EVENTS_ENDPOINTS_FILE: endpoint.file,
      AMOUNT_CHECK: 'reject',
      APPROVAL_REQUIRED: 'all',
      APPROVAL_RESEND_LIMIT: '1',
    });
    ({ test } = confused);
    await parkable(test);
    await until('events are written', () =>
      test.log.some((line) => line.includes('"event":"event.endpoints_set"')),
    );
  });
  afterAll(async () => {
    await confused.stop();
    await endpoint.stop();
  });

  const anEvent = async (): Promise<string> => {
    const { status, body } = await test.operator.operations('/events');
    expect(status).toBe(200);
    return body.events[0].eventId;
  };

  const code = (script: string): string => `twin:${script}#${randomUUID()}`;
  const since = '2026-01-01T00:00:00+08:00';

  it('of scans and payments holds for the answers to a wallet app, in every outcome', async () => {
    const pending = await test.app.scan(code('U,U,S'));
    expect(pending.status).toBe(202);
    expect((await test.app.readScan(pending.body.scanId)).status).toBe(202);
    const scanned = await test.app.scan(
      code('S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;surcharge=8916HKD'),
    );
    expect(scanned.status).toBe(201);
    expect((await test.app.readScan(scanned.body.scanId)).status).toBe(200);
    const { payment } = scanned.body;
    expect(payment.exchangeRate.quoteId).toBeDefined();
    expect(payment.promotions).toHaveLength(1);
    expect((await test.app.confirm({ ...payment, payAmount: { currency: 'HKD', value: '1' } })).status).toBe(
      409,
    );
    expect((await test.app.confirm(payment)).status).toBe(200);
    expect((await test.app.read(payment.paymentId)).body.status).toBe('PAID');
    expect((await test.app.send('GET', '/v1/payments?customerId=customer-rich')).status).toBe(200);
    const declined = await test.app.decodedPayment(code('S'));
    expect((await test.app.decline(declined.paymentId)).status).toBe(200);
    expect((await test.app.confirm(declined)).status).toBe(409);
    const doubted = await test.app.decodedPayment(code('S'));
    confused.core.confusion = Object.values(CONFUSIONS)[0];
    expect((await test.app.confirm(doubted)).status).toBe(202);
    confused.core.confusion = undefined;
  });

  it('of operations holds for the answers to operators, with and without a time zone of their own', async () => {
    const parked = await park(test);
    const payment = `/payments/${parked}`;
    for (const path of [
      '/payments',
      '/scans',
      '/notifications',
      '/payments.csv',
      '/summary',
      '/keys',
      '/queues',
    ]) {
      expect((await test.operator.operations(path)).status).toBe(200);
    }
    for (const zone of ['', '?zone=Asia/Kathmandu']) {
      for (const path of [payment, `${payment}/acts`, `${payment}/explain`, '/summary']) {
        expect((await test.auditor.operations(`${path}${zone}`)).status).toBe(200);
      }
    }
    const reason = { reason: 'they mended it' };
    const send = (path: string, body: object) => test.operator.send('POST', `/v1/operations${path}`, body);
    expect((await send('/redeliver', { ...reason, since })).body.found).toBe(1);
    expect((await send(`${payment}/acts/redeliver`, { ...reason, dryRun: true })).status).toBe(200);
    expect((await send(`${payment}/acts/close`, reason)).status).toBe(409);
    expect((await send(`${payment}/redeliver`, reason)).status).toBe(202);
    await untilNotified(test.operator, parked);
    expect((await send(`${payment}/redeliver`, reason)).status).toBe(409);
    expect((await test.operator.operations(payment)).body.acts).not.toHaveLength(0);
    expect((await test.operator.operations(`/events/${await anEvent()}`)).status).toBe(200);
  });

  it('of approvals holds for both persons', async () => {
    const reason = { reason: 'agreed' };
    const send = (path: string, body: object) => test.operator.send('POST', `/v1/operations${path}`, body);
    const held = async (): Promise<string> =>
      (await test.app.decodedPayment(code('S;pay=1000JPY;payTo=1HKD;rate=8.5614'))).paymentId;
    const [act, other] = [await held(), await held()].map((id) =>
      send(`/payments/${id}/acts/release`, reason),
    );
    await park(test);
    await park(test);
    const many = await send('/redeliver', { ...reason, since, dryRun: false });
    const events = await send('/events/resend', { ...reason, since, status: 'ALL', dryRun: false });
    const asked = [await act, await other, many, events];
    expect(asked.map((answer) => answer?.status)).toEqual([202, 202, 202, 202]);
    const approver = new ApiClient(test.url, test.tokens.approver);
    expect((await approver.operations('/approvals')).body.approvals).toHaveLength(4);
    const [first, second, ...others] = asked.map(
      (answer) => `/v1/operations/approvals/${answer?.body.approvalId}`,
    );
    expect((await approver.send('GET', first ?? '')).status).toBe(200);
    const decisions = {
      approve: [first, ...others],
      reject: [second],
    };
    for (const [decision, paths] of Object.entries(decisions)) {
      const [body] = REQUEST_EXAMPLES[decision] ?? [];
      for (const path of paths) {
        const answer = await approver.send('POST', `${path}/${decision}`, body);
        expect(answer.body.status).toBe(decision === 'approve' ? 'DONE' : 'REJECTED');
      }
    }
  });

  it('of health holds for everybody', async () => {
    for (const path of ['/health/live', '/health/ready']) {
      expect((await test.app.raw(path, {})).status).toBe(200);
    }
  });

  it("of events holds for the messages to the wallet's back end", async () => {
    const wanted = ['decoded', 'held', 'released', 'debiting', 'paid', 'declined', 'cancelled'];
    const types = [...wanted.map((what) => `payment.${what}`), 'scan.rejected'];
    await test.app.scan(code('F.EXPIRED_CODE'));
    const { paymentId } = await test.app.decodedPayment(code('S;sdk'));
    await test.operator.send('POST', `/v1/operations/payments/${paymentId}/acts/close`, { reason: 'agreed' });
    await until('one of each has come', async () => {
      const come = new Set(endpoint.told.map(({ type }) => type));
      return types.every((type) => come.has(type));
    });
    expect(DESCRIBED_EVENTS).toEqual(expect.arrayContaining(types));
    expect(endpoint.told.flatMap(({ message }) => eventFaults(message as { type: string }))).toEqual([]);
    const [first] = endpoint.told;
    expect(eventFaults({ ...first?.message, type: 'payment.lost' })).toEqual([
      'payment.lost is not described',
    ]);
    expect(eventFaults({ ...first?.message, type: 'scan.rejected' })).not.toEqual([]);
    expect(eventFaults({ ...first?.message, more: 1 })).not.toEqual([]);
  });

  it('has examples that are valid answers', () => {
    expect(wrongExamples()).toEqual([]);
  });

  it('gives an example of every request, and each is accepted unchanged', async () => {
    const parked = await park(test);
    const examples = (operation: string): readonly unknown[] => REQUEST_EXAMPLES[operation] ?? [];
    expect(Object.keys(REQUEST_EXAMPLES).filter((name) => examples(name).length === 0)).toEqual([]);
    const scanned = await Promise.all(
      examples('createScan').map((body) => test.app.send('POST', '/v1/scans', body)),
    );
    expect(scanned.map(({ status }) => status)).toEqual([201, 202, 422]);
    const paymentId: string = scanned[0]?.body.payment.paymentId;
    const statuses: Record<string, number[]> = {};
    const address: Readonly<Record<string, string>> = {
      confirmPayment: `/v1/payments/${paymentId}/confirm`,
      performAct: `/v1/operations/payments/${parked}/acts/redeliver`,
      writeNote: `/v1/operations/payments/${parked}/notes`,
      redeliverMany: '/v1/operations/redeliver',
      redeliverPayment: `/v1/operations/payments/${parked}/redeliver`,
      reloadKeys: '/v1/operations/keys/reload',
      pauseQueue: '/v1/operations/queues/notify/pause',
      resumeQueue: '/v1/operations/queues/notify/resume',
      resendEvent: `/v1/operations/events/${await anEvent()}/resend`,
      resendEvents: '/v1/operations/events/resend',
    };
    for (const [operation, path] of Object.entries(address)) {
      const client = operation === 'confirmPayment' ? test.app : test.operator;
      statuses[operation] = [];
      for (const body of examples(operation)) {
        statuses[operation].push((await client.send('POST', path, body)).status);
      }
    }
    for (const body of examples('writeNote'))
      expect((await test.operator.send('POST', address['writeNote'] ?? '', body)).status).toBe(200);
    // The second confirm has another quote than that of the twin.
    expect(statuses).toEqual({
      confirmPayment: [200, 409],
      performAct: [200],
      writeNote: [201],
      redeliverMany: [200],
      redeliverPayment: [202],
      reloadKeys: [200],
      pauseQueue: [200],
      resumeQueue: [200],
      resendEvent: [202],
      resendEvents: [200],
    });
    expect(Object.keys(REQUEST_EXAMPLES).toSorted()).toEqual(
      ['createScan', 'approve', 'reject', ...Object.keys(address)].toSorted(),
    );
  });

  it('promises no success that these tests have not seen', () => {
    const promised = DESCRIBED.filter((answer) => / 2\d\d$/.test(answer));
    expect(promised.length).toBeGreaterThan(20);
    expect(promised.filter((answer) => !seenAnswers.has(answer))).toEqual([]);
  });
});

describe('an answer that differs from its description', () => {
  const answer = (body: object, status = 200): Parameters<typeof checkDescribed>[2] => ({
    status,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: JSON.stringify(body),
  });

  it.each([
    ['a field too many', { status: 'ok', more: 1 }, 200],
    ['a field too few', {}, 200],
    ['a word that is none of its words', { status: 'fine' }, 200],
    ['a status that nobody described', { status: 'ok' }, 201],
  ])('is found by %s', (_what, body, status) => {
    expect(() => checkDescribed('GET', '/health/live', answer({ status: 'ok' }))).not.toThrow();
    expect(() => checkDescribed('GET', '/health/live', answer(body, status))).toThrow('GET /health/live');
  });
});

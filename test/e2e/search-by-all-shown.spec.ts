import { randomUUID } from 'node:crypto';
import { ConsoleClient } from '../support/browser/console-client.js';
import type { Json } from '../support/service/api-client.js';
import { EventEndpoint } from '../support/service/event-endpoint.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(90_000);

/** Shown, but no identifier of a single payment, with the filter that finds them instead. */
const NOT_ONE_PAYMENT: Readonly<Record<string, string>> = {
  acquirerId: 'its own filter: millions of payments have it',
  merchantId: 'its own filter: millions of payments have it',
  pspId: 'millions of payments have it',
  id: 'of the merchant, which has a filter',
  url: 'where results of many payments are sent',
  promoId: 'a promotion of many payments',
  bodySha256: 'proves bytes, and names nothing',
  contentSha256: 'proves bytes, and names nothing',
};

/** Every text in an answer, by the name of its field, also within lists. */
function textsIn(value: Json): [field: string, text: string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, held]): [string, string][] =>
    typeof held === 'string' ? [[field, held]] : textsIn(held),
  );
}

let endpoint: EventEndpoint;
let test: TestService;
let client: ConsoleClient;
beforeAll(async () => {
  endpoint = await EventEndpoint.start();
  test = await startTestService({
    callsBack: true,
    environment: {
      EVENTS_ENDPOINTS_FILE: endpoint.file,
      AMOUNT_CHECK: 'reject',
      APPROVAL_REQUIRED: 'all',
    },
  });
  await until('events are written', () =>
    test.log.some((line) => line.includes('"event":"event.endpoints_set"')),
  );
  client = new ConsoleClient(test.url);
  await client.signIn(test.tokens.operator);
});
afterAll(async () => {
  await test.stop();
  await endpoint.stop();
});

const search = async (q: string): Promise<Json> => {
  const { status, body } = await test.operator.operations(`/payments?q=${encodeURIComponent(q)}`);
  expect(status).toBe(200);
  return body;
};

/** All that is shown of one payment: its view, its explanation, its scans, its notification and its events. */
async function allShownOf(paymentId: string): Promise<Json[]> {
  const paths = ['', '/explain', '/acts'].map((part) => `/payments/${paymentId}${part}`);
  const lists = ['payments', 'scans', 'notifications', 'events'].map((list) => `/${list}?q=${paymentId}`);
  const approvals = `/approvals?open=false&paymentId=${paymentId}`;
  return Promise.all(
    [...paths, ...lists, approvals].map(async (path) => (await test.operator.operations(path)).body),
  );
}

it('everything that an answer or a page shows of a payment leads to it', async () => {
  const script = 'twin:S;pay=1000JPY;payTo=8561HKD;rate=8.5614';
  const refunded = await test.app.decodedPayment(`${script}#${randomUUID()}`);
  expect((await test.app.confirm(refunded)).body.status).toBe('PAID');
  await test.books.refund(refunded.paymentRequestId, {
    refundRequestId: randomUUID(),
    paymentId: refunded.paymentId,
    refundAmount: { currency: 'JPY', value: '1000' },
    refundFromAmount: { currency: 'HKD', value: '8561' },
  });
  const cancelled = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
  expect((await test.app.confirm(cancelled)).body.status).toBe('PAID');
  await untilNotified(test.operator, cancelled.paymentId);
  await test.books.cancel(cancelled.paymentRequestId);
  await until('the money is back', async () => {
    const { body } = await test.operator.operations(`/payments/${cancelled.paymentId}`);
    return body.debits[0].status === 'REVERSED';
  });
  const held = await test.app.decodedPayment(`twin:S;pay=1000JPY;payTo=1HKD;rate=8.5614#${randomUUID()}`);
  const release = `/v1/operations/payments/${held.paymentId}/acts/release`;
  expect((await test.operator.send('POST', release, { reason: 'ticket 1' })).status).toBe(202);
  const notes = `/v1/operations/payments/${held.paymentId}/notes`;
  expect((await test.operator.send('POST', notes, { text: 'the payer called' })).status).toBe(201);
  const fields = new Set<string>();
  for (const { paymentId } of [refunded, cancelled, held]) {
    const texts = (await allShownOf(paymentId)).flatMap(textsIn);
    const isOne = ([field]: readonly [string, string]): boolean => !(field in NOT_ONE_PAYMENT);
    const others = new Set(texts.filter((one) => !isOne(one)).map(([, text]) => text));
    const ids = texts.filter((one) => isOne(one) && /(Id|Sha256|Reference)$/.test(one[0]));
    const shown = new Map(ids.map(([field, id]) => [id, field]));
    const page = (await client.get(`/console/payments/${paymentId}`)).text;
    for (const [, id = ''] of page.matchAll(/data-copy="([^"]+)"/g))
      if (!others.has(id) && !shown.has(id)) shown.set(id, 'copied');
    for (const [id, field] of shown) {
      const { payments, recognisedAs } = await search(id);
      fields.add(field);
      expect({ field, id, recognisedAs, found: payments.map((one: Json) => one.paymentId) }).toMatchObject({
        field,
        found: expect.arrayContaining([paymentId]),
      });
    }
  }
  for (const field of [
    'debitId',
    'refundId',
    'refundRequestId',
    'eventId',
    'approvalId',
    'noteId',
    'quoteId',
    'codeSha256',
  ])
    expect([...fields]).toContain(field);
  expect([...fields].filter((field) => field === 'ledgerReference')).toHaveLength(1);
});

it('an event of a scan without a payment leads to the scan, on the page too', async () => {
  await test.app.scan(`twin:F.EXPIRED_CODE#${randomUUID()}`);
  const [event] = (await test.operator.operations('/events?type=scan.rejected')).body.events;
  const found = await test.operator.operations(`/scans?q=${event.eventId}`);
  expect(found.body).toMatchObject({ scans: [{ scanId: event.scanId }], recognisedAs: ['eventId'] });
  expect((await client.get(`/console/payments?q=${event.eventId}`)).text).toContain(event.scanId);
});

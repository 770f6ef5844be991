import { randomUUID } from 'node:crypto';
import { ApiClient, type ApiAnswer, type Json } from '../support/service/api-client.js';
import { ConsoleClient } from '../support/browser/console-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

const REASON = 'a test';

describe('each log line written because of one request', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService({ callsBack: true });
  });
  afterAll(() => test.stop());

  const code = (script: string) => `twin:${script}#${randomUUID()}`;
  const events = (): Json[] => test.log.map((line) => JSON.parse(line));
  const idOf = ({ headers }: { headers: Headers }) => String(headers.get('x-request-id'));

  /** The verbs of a request's lines; the last ones are written when the client may have read the answer already. */
  async function told(answer: Pick<ApiAnswer, 'headers'>, last = 'http.answered'): Promise<string[]> {
    return until(`${last} is in the log`, () => {
      const ofRequest = events().filter(({ requestId }) => requestId === idOf(answer));
      const verbs: string[] = ofRequest.map(({ event }) => event);
      return verbs.includes(last) && verbs;
    });
  }

  /** The requests of Alipay+, whose answers only its twin gets. */
  async function toldAtRoute(route: string): Promise<string[]> {
    const answered = await until('the answer is in the log', () =>
      events().find((one) => one.event === 'http.answered' && one.route.includes(route)),
    );
    const ofRequest = events().filter(({ requestId }) => requestId === answered.requestId);
    return ofRequest.map(({ event }) => event);
  }

  it('names the scan or the confirm', async () => {
    const scanned = await test.app.scan(code('S'));
    const confirmed = await test.app.confirm(scanned.body.payment);
    expect([scanned.status, confirmed.status]).toEqual([201, 200]);
    expect(await told(scanned)).toEqual(['scan.asked', 'scan.decoded', 'http.answered']);
    expect(await told(confirmed)).toEqual(['debit.settled', 'http.answered']);
    expect(idOf(confirmed)).not.toBe(idOf(scanned));
  });

  it('names each of many scans at once, which share their statements', async () => {
    const scans = await Promise.all(Array.from({ length: 12 }, () => test.app.scan(code('S'))));
    for (const scanned of scans) {
      expect(await told(scanned)).toEqual(['scan.asked', 'scan.decoded', 'http.answered']);
      const ofScan = events().filter(({ scanId }) => scanId === scanned.body.scanId);
      expect(ofScan.map(({ requestId }) => requestId)).toEqual([idOf(scanned), idOf(scanned)]);
    }
  });

  it('names no request for an attempt in the background', async () => {
    const scanned = await test.app.scan(code('U,S'));
    expect(scanned.status).toBe(202);
    expect((await test.app.readScan(scanned.body.scanId, 20_000)).status).toBe(200);
    const [first, ...later] = events().filter(({ scanId }) => scanId === scanned.body.scanId);
    expect(first).toMatchObject({ event: 'scan.asked', requestId: idOf(scanned) });
    expect(later.map(({ event }) => event)).toEqual(['scan.asked', 'scan.decoded']);
    for (const event of later) expect(event).not.toHaveProperty('requestId');
  });

  it('names the request whose token was refused or has no permission', async () => {
    const refused = await new ApiClient(test.url, 'no-such-token').scan(code('S'));
    expect(refused.status).toBe(401);
    expect(refused.body.requestId).toBe(idOf(refused));
    expect(await told(refused)).toEqual(['auth.refused', 'http.answered']);
    const forbidden = await test.app.operations('/summary');
    expect(await told(forbidden)).toEqual(['auth.forbidden', 'http.answered']);
  });

  it('names a call of Alipay+, or of a caller that claims to be Alipay+', async () => {
    const { paymentRequestId } = await test.app.decodedPayment(code('S'));
    await test.books.cancel(paymentRequestId);
    expect(await toldAtRoute('cancelPayment')).toEqual(['order.cancel_requested', 'http.answered']);
    const { route } = events().find((one) => one.route?.includes('cancelPayment'));
    const unsigned = await test.app.send('POST', route, { paymentRequestId });
    expect(await told(unsigned)).toEqual(['inbound.refused', 'http.answered']);
  });

  it('names the requests of operators, by the API and in the console', async () => {
    const { paymentId } = await test.app.decodedPayment(code('S'));
    const address = `/v1/operations/payments/${paymentId}`;
    const seen = await test.auditor.send('GET', address);
    expect(await told(seen)).toEqual(['operations.messages_shown', 'http.answered']);
    const closed = await test.operator.send('POST', `${address}/acts/close`, { reason: REASON });
    expect(await told(closed)).toEqual(['operator.acted', 'http.answered']);
    const wish = { since: '2026-01-01T00:00:00Z', reason: REASON };
    const redelivered = await test.operator.send('POST', '/v1/operations/redeliver', wish);
    expect(await told(redelivered)).toEqual(['notification.redelivery_requested', 'http.answered']);
    const file = await test.operator.operations('/payments.csv');
    expect(await told(file, 'payments.exported')).toContain('payments.exported');

    const client = new ConsoleClient(test.url);
    expect(await told(await client.signIn('no-such-token'))).toEqual([
      'console.sign_in_refused',
      'http.answered',
    ]);
    expect(await told(await client.signIn(test.tokens.auditor))).toEqual([
      'console.signed_in',
      'http.answered',
    ]);
    const page = await client.get(`/console/payments/${paymentId}`);
    expect(await told(page)).toEqual(['operations.messages_shown', 'http.answered']);
    const left = await client.post('/console/sign-out', {}, '/console/help');
    expect(await told(left)).toEqual(['console.signed_out', 'http.answered']);
  });
});

import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, request as send, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { openTracing } from '../../src/platform/tracing/open-tracing.js';
import type { Tracing } from '../../src/platform/tracing/tracing.js';
import { readSettings } from '../../src/settings.js';
import { startService, type RunningService } from '../../src/start-service.js';
import { EventEndpoint } from '../support/service/event-endpoint.js';
import { openDemoCustomers } from '../support/service/open-demo-customers.js';
import { ApiClient, type Json } from '../support/service/api-client.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';
import { Collector, type SeenSpan } from '../support/traces/collector.js';

const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];
const SAMPLED = '01';

/** A proxy in front of the twin: it forwards requests, and keeps their headers. */
class Gateway {
  readonly received: IncomingHttpHeaders[] = [];
  private readonly server: Server;

  constructor(twinUrl: string) {
    this.server = createServer((request, response) => {
      this.received.push(request.headers);
      const { method, url = '', headers } = request;
      const onwards = send(new URL(url, twinUrl), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onwards.on('error', () => response.destroy()));
    }).listen(0, '127.0.0.1');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on TCP
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let ground: TestGround;
let gateway: Gateway;
let collector: Collector;
let endpoint: EventEndpoint;
let tracing: Tracing;
let service: RunningService;
let app: ApiClient;
const lines: Json[] = [];
const log = new EventLog({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
const before = { ...process.env };

beforeAll(async () => {
  [ground, collector, endpoint] = await Promise.all([
    prepareTestGround({ callsBack: true }),
    Collector.start(),
    EventEndpoint.start(),
  ]);
  gateway = new Gateway(ground.twin.url);
  await openDemoCustomers(ground.database.url);
  // The exporter reads the environment of its process by itself.
  Object.assign(process.env, collector.environment);
  tracing = await openTracing(process.env, log, 'mpp-payments');
  const environment = {
    ...ground.environment,
    ALIPAYPLUS_BASE_URL: gateway.url,
    EVENTS_ENDPOINTS_FILE: endpoint.file,
  };
  service = await startService(readSettings(environment), log, undefined, tracing);
  app = new ApiClient(service.url, ground.tokens.walletApp);
});
afterAll(async () => {
  process.env = before;
  await service.stop();
  await tracing.stop();
  gateway.close();
  await Promise.all([collector.close(), endpoint.stop()]);
  await ground.stop();
});

const newTraceparent = (traceId = randomBytes(16).toString('hex'), flags = SAMPLED) =>
  `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`;

/** An app that is traced itself. */
async function post(path: string, body: object, traceparent: string): Promise<Json> {
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ground.tokens.walletApp}`,
      'content-type': 'application/json',
      traceparent,
    },
    body: JSON.stringify(body),
  });
  return answer.json();
}

const scan = (codeValue: string, traceparent: string) =>
  post('/v1/scans', { codeValue, customerId: 'customer-rich' }, traceparent);

const traceOf = (traceparent: string) => traceparent.split('-')[1] ?? '';

function spanAt(traceId: string, name: string, at = 0): Promise<SeenSpan> {
  return until(
    `${name} is exported`,
    () => collector.trace(traceId).filter((span) => span.name === name)[at],
  );
}

function spanOf(spanId: string | undefined): Promise<SeenSpan> {
  return until('it is exported', () => collector.spans.find((span) => span.spanId === spanId));
}

describe('a payment of an app that is traced itself', () => {
  const scanned = newTraceparent();
  const confirmed = newTraceparent();
  const code = `twin:U,U,S;notify=U#${randomUUID()}`;
  let payment: Json;

  beforeAll(async () => {
    const { scanId } = await scan(code, scanned);
    ({ payment } = (await app.readScan(scanId, 20_000)).body);
    const { currency, value } = payment.payAmount;
    const path = `/v1/payments/${payment.paymentId}/confirm`;
    expect(await post(path, { payAmount: { currency, value } }, confirmed)).toMatchObject({ status: 'PAID' });
  });

  it('is one trace from the scan over the queue to the answer with the decoded order', async () => {
    const traceId = traceOf(scanned);
    const server = await spanAt(traceId, 'POST /v1/scans');
    expect(server).toMatchObject({
      kind: SERVER,
      parentSpanId: scanned.split('-')[2],
      attributes: { 'http.route': '/v1/scans', 'http.response.status_code': 202 },
    });
    const asked = await spanAt(traceId, 'alipayplus userInitiatedPay');
    expect(asked).toMatchObject({ kind: CLIENT, parentSpanId: server.spanId });
    const sent = [await spanAt(traceId, 'send decode', 0), await spanAt(traceId, 'send decode', 1)];
    expect(sent[0]).toMatchObject({ kind: PRODUCER, parentSpanId: server.spanId });
    for (const at of [1, 2]) {
      const call = await spanAt(traceId, 'alipayplus userInitiatedPay', at);
      const taken = await spanOf(call.parentSpanId);
      expect(taken).toMatchObject({ name: 'process decode', kind: CONSUMER, traceId });
      // The sweeper may find the scan before its job does; it knows only the request that made it.
      expect([server, ...sent].map(({ spanId }) => spanId)).toContain(taken.parentSpanId);
      expect(taken.links).toEqual([{ traceId, spanId: taken.parentSpanId }]);
      if (at === 2) expect(taken.attributes).toMatchObject({ 'mpp.payment_id': payment.paymentId });
    }
  });

  it('has another trace from the confirm to the first notification, which links back to the first', async () => {
    const traceId = traceOf(confirmed);
    const server = await spanAt(traceId, 'POST /v1/payments/:paymentId/confirm');
    const last = await spanAt(traceOf(scanned), 'alipayplus userInitiatedPay', 2);
    expect(server.links).toEqual([{ traceId: traceOf(scanned), spanId: last.parentSpanId }]);
    expect(server.attributes).toMatchObject({ 'mpp.payment_id': payment.paymentId });
    expect(await spanAt(traceId, 'ledger debit')).toMatchObject({
      kind: CLIENT,
      parentSpanId: server.spanId,
      attributes: { 'mpp.outcome': 'done' },
    });
    const told = await spanAt(traceId, 'process notify');
    expect(told).toMatchObject({ kind: CONSUMER, parentSpanId: server.spanId });
    expect(await spanAt(traceId, 'alipayplus notifyPayment')).toMatchObject({
      kind: CLIENT,
      parentSpanId: told.spanId,
    });
  });

  it('has a trace of its own for each later attempt to notify, which links back to the confirm', async () => {
    const server = await spanAt(traceOf(confirmed), 'POST /v1/payments/:paymentId/confirm');
    const again = await until('there is a second attempt', () =>
      collector.spans.find(
        ({ name, attributes, traceId }) =>
          name === 'process notify' &&
          attributes['mpp.payment_id'] === payment.paymentId &&
          traceId !== traceOf(confirmed),
      ),
    );
    expect(again).not.toHaveProperty('parentSpanId');
    expect(again.links).toEqual([{ traceId: server.traceId, spanId: server.spanId }]);
    expect(await spanAt(again.traceId, 'alipayplus notifyPayment')).toMatchObject({
      parentSpanId: again.spanId,
    });
  });

  it('sends its traceparent to Alipay+ and to the endpoints of events', async () => {
    const asked = await spanAt(traceOf(scanned), 'alipayplus userInitiatedPay');
    expect(gateway.received.map(({ traceparent }) => traceparent)).toContain(
      `00-${asked.traceId}-${asked.spanId}-${SAMPLED}`,
    );
    const told = await until('an event is told', () =>
      collector.spans.find(({ name }) => name.startsWith('event to 127.0.0.1:')),
    );
    expect(endpoint.traceparents).toContain(`00-${told.traceId}-${told.spanId}-${SAMPLED}`);
  });

  it('has trace and span in each log line, beside the request id', async () => {
    const server = await spanAt(traceOf(scanned), 'POST /v1/scans');
    const ofScan = lines.filter(({ trace_id: traceId }) => traceId === server.traceId);
    expect(ofScan.map(({ event }) => event).sort()).toEqual([
      'http.answered',
      'scan.asked',
      'scan.asked',
      'scan.asked',
      'scan.decoded',
    ]);
    const ofRequest = ofScan.filter(({ span_id: spanId }) => spanId === server.spanId);
    expect(ofRequest.map(({ event }) => event)).toEqual(['scan.asked', 'http.answered']);
    for (const line of ofRequest) expect(line).toHaveProperty('requestId');
    const told = lines.filter(
      ({ event }) => event === 'notification.attempted' || event === 'event.attempted',
    );
    for (const line of told) expect(line).toHaveProperty('trace_id');
  });
});

describe('traces', () => {
  it('hold no code value, no token and no id but that of the payment', async () => {
    const traceparent = newTraceparent();
    const code = `twin:S#${randomUUID()}`;
    const { payment, scanId } = await scan(code, traceparent);
    await spanAt(traceOf(traceparent), 'POST /v1/scans');
    const secrets = [code, encodeURIComponent(code), ground.tokens.walletApp, ground.tokens.operator];
    for (const kept of [...secrets, scanId, payment.paymentRequestId, 'customer-rich'])
      expect(collector.text).not.toContain(kept);
    expect(collector.text).toContain(payment.paymentId);
    // The name that the variables of OpenTelemetry give a service takes precedence over ours.
    expect(collector.text).toContain('"mpp-payments"');
  });

  it('begin here when a request has no traceparent, or an invalid one', async () => {
    for (const wrong of ['', 'ff-00-00-00', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`, 'x'.repeat(4_000)]) {
      const code = `twin:F.EXPIRED_CODE#${randomUUID()}`;
      const problem = await scan(code, wrong);
      expect(problem).toMatchObject({
        code: 'EXPIRED_CODE',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(await spanAt(problem.traceId, 'POST /v1/scans')).not.toHaveProperty('parentSpanId');
    }
  });

  it('of a caller whose trace is not recorded are not recorded either, but named in problems, lines and calls all the same', async () => {
    const traceparent = newTraceparent(undefined, '00');
    const traceId = traceOf(traceparent);
    const problem = await scan(`twin:F.EXPIRED_CODE#${randomUUID()}`, traceparent);
    expect(problem).toMatchObject({ code: 'EXPIRED_CODE', traceId });
    expect(gateway.received.at(-1)?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    expect(lines.find(({ trace_id: named }) => named === traceId)).toMatchObject({
      requestId: problem.requestId,
    });
    // A later span has been exported, so this one would have been.
    await spanAt(
      (await scan(`twin:F.EXPIRED_CODE#${randomUUID()}`, newTraceparent())).traceId,
      'POST /v1/scans',
    );
    expect(collector.trace(traceId)).toEqual([]);
  });

  it('begin at the endpoint for Alipay+ too', async () => {
    const { paymentRequestId } = await app.decodedPayment(`twin:S#${randomUUID()}`);
    await ground.books.cancel(paymentRequestId);
    await until('the call of Alipay+ is exported', () =>
      collector.spans.find(({ name }) => /^POST .*cancelPayment$/.test(name)),
    );
  });

  it('are counted', async () => {
    const figures = await (await fetch(`${service.url}/metrics`)).text();
    expect(figures).toMatch(/^traces_spans_total\{outcome="exported"\} [1-9]/m);
    expect(figures).toMatch(/^traces_spans_total\{outcome="dropped"\} 0$/m);
  });
});

describe('while no variable of OpenTelemetry asks for traces', () => {
  it('nothing names one: no header, no field, no span', async () => {
    const plainLines: string[] = [];
    const plainLog = new EventLog({ level: 'info' }, { write: (line) => void plainLines.push(line) });
    const off = await openTracing({}, plainLog, 'mpp-payments');
    expect(off.isOn).toBe(false);
    const settings = { ...ground.environment, PORT: '0', ROLE: 'api', ALIPAYPLUS_BASE_URL: gateway.url };
    const plain = await startService(readSettings(settings), plainLog, undefined, off);
    const client = new ApiClient(plain.url, ground.tokens.walletApp);
    const from = gateway.received.length;
    const { body } = await client.scan(`twin:F.EXPIRED_CODE#${randomUUID()}`);
    expect(body.code).toBe('EXPIRED_CODE');
    expect(body).not.toHaveProperty('traceId');
    expect(gateway.received.slice(from).filter(({ traceparent }) => traceparent !== undefined)).toEqual([]);
    expect(plainLines.join('')).not.toContain('trace_id');
    expect(await (await fetch(`${plain.url}/metrics`)).text()).not.toContain('traces_spans_total{');
    await plain.stop();
  });
});

import { randomUUID } from 'node:crypto';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

let isReaderGone = false;
let test: TestService;
beforeAll(async () => {
  test = await startTestService({ logging: { level: 'silent', handOn: () => !isReaderGone } });
});
afterEach(() => (isReaderGone = false));
afterAll(() => test.stop());

const told = (event: string): Json[] =>
  test.log.map((line): Json => JSON.parse(line)).filter((line) => line.event === event);

const withheldIn = (timeline: Json[]): unknown[] => [
  ...new Set(timeline.flatMap(({ messages }) => (messages === undefined ? [] : [messages.withheld]))),
];

describe('looks at messages and exports', () => {
  it('are in the log with person, application and address, whatever the level of the log', async () => {
    const { paymentId } = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    const { body } = await test.auditor.operations(`/payments/${paymentId}`);
    expect(withheldIn(body.timeline)).toEqual([undefined]);
    const who = { actor: 'operator:auditor', application: 'auditor', address: '127.0.0.1' };
    expect(told('operations.messages_shown')).toEqual([expect.objectContaining({ ...who, paymentId })]);
    expect((await test.auditor.operations('/payments.csv')).status).toBe(200);
    expect(told('payments.export_begun')).toEqual([expect.objectContaining({ ...who, rows: 1 })]);
    expect(told('http.answered')).toEqual([]);
  });

  it('do not happen while the log takes no lines; everything else of the payment is shown', async () => {
    const { paymentId } = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    isReaderGone = true;
    const { status, body } = await test.auditor.operations(`/payments/${paymentId}`);
    expect(status).toBe(200);
    expect(withheldIn(body.timeline)).toEqual(['log']);
    const refused = await test.operator.operations('/payments.csv');
    expect(refused).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
    isReaderGone = false;
    expect((await test.operator.operations('/payments.csv')).status).toBe(200);
  });
});

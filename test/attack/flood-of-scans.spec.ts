import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { signedCall } from '../support/service/signed-call.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

jest.setTimeout(240_000);

const SCANS = 2_000;
/** Calls of Alipay+, one after the other. Alipay+ waits 8 s for each. */
const CALLS = 20;
const INQUIRY = { target: '/aps/api/v1/payments/inquiryPayment' };

let ground: TestGround;
let service: ServiceProcess;
beforeAll(async () => {
  ground = await prepareTestGround();
  service = await ServiceProcess.start({ ...ground.environment, ROLE: 'api' });
});
afterAll(async () => {
  await service.end('SIGTERM');
  await ground.stop();
});

const agent = new Agent({ keepAlive: true, maxSockets: SCANS });
afterAll(() => agent.destroy());

interface Scanned {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
}

let answered = 0;

/** Straight over a socket of its own: `fetch` would make its callers wait for each other. */
const scan = (): Promise<Scanned> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${ground.tokens.walletApp}`,
      'content-type': 'application/json',
    };
    const sent = request(`${service.url}/v1/scans`, { method: 'POST', agent, headers }, (reply) => {
      reply.resume().on('end', () => {
        answered += 1;
        resolve({ status: reply.statusCode, retryAfter: reply.headers['retry-after'] });
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ codeValue: `twin:S;slow=6s#${randomUUID()}`, customerId: 'customer-rich' }));
  });

/** How many scans were answered while it waited. */
const waitOfInquiry = async (): Promise<number> => {
  const before = answered;
  expect(await signedCall(service, INQUIRY)).toMatchObject({ status: 200, isSigned: true });
  return answered - before;
};

describe('2,000 scans at once', () => {
  it('are shed beyond what can be worked on, and signed inquiries are answered in time', async () => {
    await waitOfInquiry();
    const flood = Array.from({ length: SCANS }, scan);
    const waits: number[] = [];
    for (let asked = 0; asked < CALLS; asked += 1) waits.push(await waitOfInquiry());
    const scans = await Promise.all(flood);
    const shed = scans.filter(({ status }) => status === 503);
    expect(shed.length).toBeGreaterThan(SCANS / 4);
    expect(scans.filter(({ status }) => status === 201 || status === 202).length).toBeGreaterThan(100);
    for (const { retryAfter } of shed) expect(retryAfter).toMatch(/^[1-8]$/);
    // On any machine: where all that arrived was worked on in one turn, the first call waited for every scan, 24 s and
    // more, and no other one for any.
    expect(waits.filter((answeredMeanwhile) => answeredMeanwhile > 0).length).toBeGreaterThan(3);
    await until('the log says so', () => service.events.some(({ event }) => event === 'http.shedding'));
    const told = service.events.filter(({ event }) => event === 'http.failed' || event === 'http.shedding');
    expect(told.map(({ event }) => event)).toEqual(['http.shedding']);
  });
});

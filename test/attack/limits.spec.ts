import { randomUUID } from 'node:crypto';
import { ConsoleClient } from '../support/browser/console-client.js';
import { ApiClient, type ApiAnswer } from '../support/service/api-client.js';
import { signedCall } from '../support/service/signed-call.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(120_000);

const LIMIT = '40';
const services: TestService[] = [];
afterEach(async () => {
  for (const service of services.splice(0).toReversed()) await service.stop();
});

/** Two processes on one database, each with the given limits. */
async function pairWith(limits: Record<string, string>): Promise<readonly [TestService, TestService]> {
  const environment = { ROLE: 'api', ...limits };
  const one = await startTestService({ environment });
  services.push(one);
  const keys = { API_KEYS_FILE: one.tokens.apiKeysFile };
  const other = await startTestService({ database: one.database, environment: { ...environment, ...keys } });
  services.push(other);
  return [one, other];
}

const clients = (pair: readonly TestService[], token: string): ApiClient[] =>
  pair.map(({ url }) => new ApiClient(url, token));

/** Sends that many calls, to the two processes in turn. */
async function callTimes(
  times: number,
  to: readonly ApiClient[],
  call: (client: ApiClient) => Promise<ApiAnswer>,
): Promise<ApiAnswer[]> {
  const answers: ApiAnswer[] = [];
  for (let at = 0; at < times; at += 1) {
    const client = to[at % to.length];
    if (client) answers.push(await call(client));
  }
  return answers;
}

const look = (client: ApiClient): Promise<ApiAnswer> => client.read(randomUUID());

function expectLimited(answers: readonly ApiAnswer[], name: string, passing: number): void {
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBe(answers.length - Number(LIMIT));
  expect(new Set(answers.slice(0, Number(LIMIT)).map(({ status }) => status))).toEqual(new Set([passing]));
  for (const { headers, body } of limited) {
    expect(body).toMatchObject({ code: 'TOO_MANY_REQUESTS', action: 'RETRY', status: 429 });
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(headers.get('ratelimit-policy')).toBe(`"${name}";q=${LIMIT};w=60`);
    expect(headers.get('ratelimit')).toBe(`"${name}";r=0;t=${seconds}`);
  }
}

describe('a caller above a limit gets 429 with Retry-After, counted over all processes together', () => {
  it('by its token', async () => {
    const pair = await pairWith({ LIMIT_TOKEN_PER_MINUTE: LIMIT });
    const answers = await callTimes(50, clients(pair, pair[0].tokens.walletApp), look);
    expectLimited(answers, 'token', 404);
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"token";r=39;t=\d+$/);
    expect((await callTimes(1, clients(pair, pair[0].tokens.richOnly), look))[0]?.status).toBe(404);
  });

  it('by its customer, whoever scans for them', async () => {
    const pair = await pairWith({ LIMIT_CUSTOMER_PER_MINUTE: LIMIT });
    const scan = (customer: string) => (client: ApiClient) =>
      client.scan(`twin:F.EXPIRED_CODE#${randomUUID()}`, customer);
    const backEnd = clients(pair, pair[0].tokens.walletApp);
    expectLimited(await callTimes(45, backEnd, scan('customer-rich')), 'customer', 422);
    expect((await callTimes(1, backEnd, scan('customer-poor')))[0]?.status).toBe(422);
    const own = await callTimes(1, clients(pair, pair[0].tokens.richOnly), look);
    expect(own[0]?.status).toBe(429);
  });

  it('by its address; Alipay+ and probes are never limited', async () => {
    const pair = await pairWith({ LIMIT_ADDRESS_PER_MINUTE: LIMIT });
    const answers = await callTimes(50, clients(pair, pair[0].tokens.walletApp), look);
    expectLimited(answers, 'address', 404);
    const inquiry = await signedCall(pair[0], { target: '/aps/api/v1/payments/inquiryPayment' });
    expect(inquiry).toMatchObject({ status: 200, isSigned: true });
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await fetch(`${pair[0].url}${path}`)).status).toBe(200);
    expect(await (await fetch(`${pair[0].url}/metrics`)).text()).toMatch(
      /limit_refused_total\{limit="address"\} \d/,
    );
  });

  it('by rejected tokens, while accepted ones go on', async () => {
    const pair = await pairWith({ LIMIT_FAILED_SIGN_INS_PER_MINUTE: LIMIT });
    expectLimited(await callTimes(50, clients(pair, 'no-such-token'), look), 'failed_sign_ins', 401);
    expect((await callTimes(1, clients(pair, pair[0].tokens.walletApp), look))[0]?.status).toBe(404);
    const console = new ConsoleClient(pair[0].url);
    expect((await console.signIn(pair[0].tokens.operator)).status).toBe(429);
  });

  it('at the console too', async () => {
    const [{ url, tokens }] = await pairWith({ LIMIT_FAILED_SIGN_INS_PER_MINUTE: '3' });
    const client = new ConsoleClient(url);
    for (let time = 0; time < 3; time += 1) expect((await client.signIn('wrong')).status).toBe(403);
    const late = await client.signIn('wrong');
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await client.signIn(tokens.operator)).status).toBe(429);
  });
});

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlain, type RequestListener } from 'node:http';
import { createServer as createSecured } from 'node:https';
import { createServer as createSocket, type AddressInfo, type Server } from 'node:net';
import { checkSetup } from '../scripts/doctor/check-setup.js';
import { ConnectProxy } from '../src/platform/outbound/spec-support/connect-proxy.js';
import { TestCertificates } from './support/ledgers/test-certificates.js';
import { testKeys } from './support/service/test-keys.js';

const certificates = new TestCertificates();
const servers: Server[] = [];
const proxy = new ConnectProxy();

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port; // it listens on TCP
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A core that has no debits, and keeps their keys as what they are. */
const knowingNoDebit: RequestListener = ({ url = '' }, response) => {
  const key = url.split('/').at(-1) ?? '';
  response.writeHead(UUID.test(key) ? 200 : 400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ key, status: 'ABSENT' }));
};

/** What it says of everything but the keys. */
async function told(environment: Record<string, string>): Promise<string[]> {
  const { mppPrivateFile, alipayPlusPublicFile } = testKeys();
  const findings = await checkSetup({
    NODE_ENV: 'development',
    ALIPAYPLUS_CLIENT_ID: 'TEST_5X00000000000000',
    ALIPAYPLUS_PRIVATE_KEY_FILE: mppPrivateFile,
    ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${alipayPlusPublicFile}`,
    ...environment,
  });
  return findings
    .filter(({ part }) => !['keys', 'callers'].includes(part))
    .map(({ part, state, told: text }) => `${part} ${state}: ${text}`);
}

describe('mpp doctor looks at the way that the service goes', () => {
  let proxyPlace: string;

  beforeAll(async () => {
    proxyPlace = await proxy.listen();
  });
  afterAll(() => {
    for (const server of servers) server.close();
    proxy.close();
    certificates.remove();
  });

  it('by the proxy of the settings, for a name that only the proxy knows', async () => {
    const port = await portOf(createPlain((_request, response) => response.writeHead(404).end()));
    const said = await told({
      ALIPAYPLUS_BASE_URL: `http://only-the-proxy-knows.invalid:${port}`,
      ALIPAYPLUS_PROXY_URL: `http://${proxyPlace}`,
    });
    expect(said).toContain(
      `alipay-plus ok: only-the-proxy-knows.invalid:${port} answers by ${proxyPlace} (404)`,
    );
  });

  it("with the certificates of the settings, to a core that asks for the caller's", async () => {
    const authority = certificates.authority('authority');
    const own = certificates.signed(authority, 'core');
    const client = certificates.signed(authority, 'client');
    const core = createSecured(
      {
        key: readFileSync(own.key),
        cert: readFileSync(own.certificate),
        ca: readFileSync(authority.certificate),
        requestCert: true,
        rejectUnauthorized: true,
      },
      knowingNoDebit,
    );
    const port = await portOf(core);
    const ledger = {
      WALLET_LEDGER: 'http',
      WALLET_LEDGER_URL: `https://127.0.0.1:${port}`,
      WALLET_LEDGER_SECRET_FILE: certificates.write('secret', 'a-secret-of-more-than-32-characters-in-all'),
    };
    expect(await told(ledger)).toContainEqual(expect.stringContaining('ledger fault'));
    expect(
      await told({
        ...ledger,
        WALLET_LEDGER_CA_FILE: authority.certificate,
        WALLET_LEDGER_CLIENT_CERTIFICATE_FILE: client.certificate,
        WALLET_LEDGER_CLIENT_KEY_FILE: client.key,
      }),
    ).toContain(`ledger ok: 127.0.0.1:${port} answers and takes our signature`);
  });

  it.each<[string, RequestListener, string]>([
    [
      'refuses our signature',
      (_, response) => response.writeHead(401).end(),
      'which refuses our signature (401)',
    ],
    [
      'is a page',
      (_, response) => response.setHeader('content-type', 'text/html').end('<p>'),
      'not answer in JSON',
    ],
    [
      'leads elsewhere',
      (_, response) => response.writeHead(302, { location: '/' }).end(),
      'which leads elsewhere',
    ],
    ['is down', (_, response) => response.writeHead(503).end(), '(http_status_503)'],
  ])('to a core that %s, and says so', async (_what, listener, fault) => {
    const port = await portOf(createPlain(listener));
    const said = await told({
      WALLET_LEDGER: 'http',
      WALLET_LEDGER_URL: `http://127.0.0.1:${port}`,
      WALLET_LEDGER_SECRET_FILE: certificates.write('secret', 'a-secret-of-more-than-32-characters-in-all'),
    });
    expect(said).toContainEqual(
      expect.stringContaining(`ledger fault: WALLET_LEDGER_URL names 127.0.0.1:${port}, which`),
    );
    expect(said.join()).toContain(fault);
  });

  it('to Redis, in bounded time, with the setting that is at fault', async () => {
    const silent = await portOf(createSocket(() => undefined));
    const curt = await portOf(createSocket((socket) => socket.end()));
    const queues = async (environment: Record<string, string>): Promise<string[]> =>
      (await told(environment)).filter((line) => line.startsWith('queues'));
    expect(await queues({ REDIS_URL: `redis://:secret@127.0.0.1:${silent}` })).toEqual([
      `queues fault: REDIS_URL names 127.0.0.1:${silent}, which does not answer`,
    ]);
    expect(await queues({ REDIS_URL: `rediss://:secret@127.0.0.1:${silent}` })).toEqual([
      `queues fault: REDIS_URL names 127.0.0.1:${silent}, which does not answer; it is asked for TLS: does it speak that?`,
    ]);
    expect(await queues({ REDIS_URL: `redis://127.0.0.1:${curt}` })).toEqual([
      expect.stringMatching(/^queues fault: REDIS_URL names .* hung up/),
    ]);
    const none = certificates.write('none', '');
    expect(await queues({ REDIS_URL: `rediss://127.0.0.1:${curt}`, REDIS_CA_FILE: none })).toEqual([
      `queues fault: REDIS_CA_FILE names ${none}, which holds no certificate in PEM`,
    ]);
    expect(await queues({ REDIS_URL: 'redis://group', REDIS_SENTINELS: '127.0.0.1:1' })).toEqual([
      'queues fault: REDIS_SENTINELS names 127.0.0.1:1, where nothing listens',
    ]);
  });

  it('with the files that the settings name', async () => {
    const none = certificates.write('none', '');
    const said = await told({
      DATA_KEYS_FILE: none,
      CONSOLE_SESSION_SECRET_FILE: none,
      EVENTS_ENDPOINTS_FILE: none,
    });
    for (const fault of ['secrets fault: DATA_KEYS_FILE', 'console fault: CONSOLE_SESSION_SECRET_FILE'])
      expect(said).toContainEqual(expect.stringContaining(`${fault} names ${none}, which is empty`));
    expect(said).toContainEqual(expect.stringMatching(/^events fault: EVENTS_ENDPOINTS_FILE/));
  });

  it('names who does not answer, and by whom it was tried', async () => {
    proxy.refusal = 'HTTP/1.1 403 Forbidden\r\n\r\n';
    const said = await told({
      ALIPAYPLUS_BASE_URL: 'http://only-the-proxy-knows.invalid:1',
      ALIPAYPLUS_PROXY_URL: `http://user:hidden@${proxyPlace}`,
    });
    expect(said).toContainEqual(
      expect.stringMatching(
        /^alipay-plus fault: ALIPAYPLUS_BASE_URL names only-the-proxy-knows\.invalid:1, which does not answer by 127/,
      ),
    );
    expect(said.join()).not.toContain('hidden');
  });
});

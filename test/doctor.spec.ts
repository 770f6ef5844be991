import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecured } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
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

/** What it says of the settings, and of the ways to Alipay+ and to the wallet's core. */
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
    .filter(({ part }) => ['settings', 'alipay-plus', 'ledger'].includes(part))
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
      (_request, response) => response.writeHead(401).end(),
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
    ).toContain(`ledger ok: 127.0.0.1:${port} answers (401)`);
  });

  it('names who does not answer, and by whom it was tried', async () => {
    proxy.refusal = 'HTTP/1.1 403 Forbidden\r\n\r\n';
    const said = await told({
      ALIPAYPLUS_BASE_URL: 'http://only-the-proxy-knows.invalid:1',
      ALIPAYPLUS_PROXY_URL: `http://user:secret@${proxyPlace}`,
    });
    expect(said).toContainEqual(
      expect.stringMatching(/^alipay-plus fault: only-the-proxy-knows\.invalid:1 does not answer by 127/),
    );
    expect(said.join()).not.toContain('secret');
  });
});

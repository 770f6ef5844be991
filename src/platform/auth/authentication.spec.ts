import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '../config/load-settings.js';
import { EventLog } from '../logging/event-log.js';
import { ConnectProxy } from '../outbound/spec-support/connect-proxy.js';
import { AuthSettings } from './auth.settings.js';
import { Authentication } from './authentication.js';
import { KeyRing } from './key-ring.js';

const log = new EventLog({ level: 'error' }, { write: () => undefined });
let provider: Server;
let token: string;
let environment: Record<string, string>;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one' }];
  provider = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  token = await new SignJWT({ scope: 'things:read' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer('the-issuer')
    .setAudience('the-api')
    .setSubject('customer-1')
    .setExpirationTime('5m')
    .sign(privateKey);
  environment = {
    AUTH_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`, // it listens on TCP
    AUTH_ISSUER: 'the-issuer',
    AUTH_AUDIENCE: 'the-api',
  };
});
afterAll(() => provider.close());

const authentication = (more: Record<string, string>): Authentication => {
  const settings = loadSettings([AuthSettings], { ...environment, ...more }).get(AuthSettings);
  return new Authentication(settings, new KeyRing(settings, log));
};

describe('the keys of the identity provider', () => {
  it('are read through the configured proxy, and through no other', async () => {
    const proxy = new ConnectProxy();
    const behind = authentication({ AUTH_PROXY_URL: `http://mpp:p%40ss@${await proxy.listen()}` });
    expect(await behind.check(`Bearer ${token}`)).toMatchObject({ outcome: 'known' });
    expect(proxy.asked).toEqual([
      {
        place: new URL(environment['AUTH_JWKS_URL'] ?? '').host,
        access: `Basic ${btoa('mpp:p@ss')}`,
      },
    ]);
    await behind.onApplicationShutdown();
    proxy.close();
  });

  it.each([
    ['/nowhere/ca.pem', 'is not there'],
    [fileURLToPath(import.meta.url), 'holds no certificate in PEM'],
  ])('are not read with certificates that cannot be used: %s', (path, why) => {
    expect(() => authentication({ AUTH_CA_FILE: path })).toThrow(new RegExp(`AUTH_CA_FILE.*${why}`, 's'));
  });
});

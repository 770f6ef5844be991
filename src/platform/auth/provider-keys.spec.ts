import { createServer, type Server } from 'node:http';
import { mock } from 'node:test';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK, type JWTVerifyGetKey } from 'jose';
import { OutgoingFetch } from '../outbound/outgoing-fetch.js';
import { KEYS_FETCH, providerKeys } from './provider-keys.js';

const HOUR_MS = 3_600_000;

const calls = new OutgoingFetch(KEYS_FETCH);
let server: Server;
let published: JWK;
let sign: (kid: string) => Promise<string>;
let isUp = true;
/** Replaces the key set. */
let page: unknown;
let asked = 0;
let aheadMs = 0;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  published = { ...(await exportJWK(publicKey)), kid: 'one' };
  sign = (kid) => new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
  server = createServer((_request, response) => {
    asked += 1;
    response
      .writeHead(isUp ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify(page ?? { keys: [published] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const real = Date.now.bind(Date);
  mock.method(Date, 'now', () => real() + aheadMs);
});
beforeEach(() => {
  isUp = true;
  page = undefined;
  aheadMs = 0;
});
afterAll(async () => {
  await calls.close();
  mock.restoreAll();
  server.close();
});

const keysFor = (staleMs: number): JWTVerifyGetKey =>
  providerKeys(
    `http://127.0.0.1:${Object(server.address()).port}/`,
    staleMs,
    calls.fetch.bind(calls),
    () => aheadMs,
  );

const isGood = async (keys: JWTVerifyGetKey, kid = 'one'): Promise<boolean> =>
  jwtVerify(await sign(kid), keys).then(
    () => true,
    () => false,
  );

describe('keys that are published without a name', () => {
  it('verify tokens that name one, also while the provider is down, and no other key does', async () => {
    const { kid: _, ...unnamed } = published;
    const other = await exportJWK((await generateKeyPair('ES256')).publicKey);
    page = { keys: [{ ...other, kid: 'other' }, unnamed] };
    const keys = keysFor(24 * HOUR_MS);
    expect(await isGood(keys)).toBe(true);
    isUp = false;
    aheadMs = HOUR_MS;
    expect(await isGood(keys)).toBe(true);
    isUp = true;
    aheadMs = 2 * HOUR_MS;
    page = { keys: [{ ...unnamed, kid: 'other' }] };
    expect(await isGood(keysFor(24 * HOUR_MS))).toBe(false);
  });
});

describe('the keys of a provider that is down', () => {
  it('stay valid for the configured time, and no longer', async () => {
    const keys = keysFor(24 * HOUR_MS);
    expect(await isGood(keys)).toBe(true);
    isUp = false;
    for (const hours of [1, 12, 23]) {
      aheadMs = hours * HOUR_MS;
      expect({ hours, isGood: await isGood(keys) }).toEqual({ hours, isGood: true });
    }
    aheadMs = 25 * HOUR_MS;
    expect(await isGood(keys)).toBe(false);
    isUp = true;
    expect(await isGood(keys)).toBe(true);
  });

  it('are not fetched for every token', async () => {
    const keys = keysFor(24 * HOUR_MS);
    await isGood(keys);
    isUp = false;
    aheadMs = HOUR_MS;
    await isGood(keys);
    const before = asked;
    for (let time = 0; time < 5; time += 1) expect(await isGood(keys)).toBe(true);
    expect(asked).toBe(before);
  });

  it('give no verdict on a key that may be new', async () => {
    const keys = keysFor(24 * HOUR_MS);
    await isGood(keys);
    isUp = false;
    aheadMs = HOUR_MS;
    await expect(jwtVerify(await sign('new'), keys)).rejects.not.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
  });

  it.each([{}, { error: 'maintenance' }, { keys: [] }, { keys: [{ kty: 'RSA', use: 'enc' }] }, []])(
    'go on working when it answers with %j, which is no set of keys',
    async (answer) => {
      const keys = keysFor(24 * HOUR_MS);
      expect(await isGood(keys)).toBe(true);
      page = answer;
      aheadMs = HOUR_MS;
      expect(await isGood(keys)).toBe(true);
      aheadMs = 25 * HOUR_MS;
      await expect(jwtVerify(await sign('one'), keys)).rejects.not.toMatchObject({
        code: 'ERR_JWKS_NO_MATCHING_KEY',
      });
    },
  );

  it('are unknown when they were never read', async () => {
    isUp = false;
    expect(await isGood(keysFor(24 * HOUR_MS))).toBe(false);
  });
});

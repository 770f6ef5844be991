import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ConsoleClient, csrfIn } from '../support/browser/console-client.js';
import { until } from '../support/service/until.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'console-'));
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, `${randomBytes(32).toString('hex')}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

let test: TestService;
beforeAll(async () => {
  test = await startTestService({
    environment: { ROLE: 'api', CONSOLE_SESSION_SECRET_FILE: secretFile },
  });
});
afterAll(() => test.stop());

const signedIn = async (at = test): Promise<ConsoleClient> => {
  const client = new ConsoleClient(at.url);
  expect((await client.signIn(at.tokens.operator)).status).toBe(303);
  return client;
};

/** Only the console uses the clock of its process: a cookie is read without any other party. */
const realNow = Date.now;
const later = (minutes: number): void => {
  const before = Date.now();
  const ahead = before - realNow() + minutes * 60_000;
  Date.now = () => realNow() + ahead;
};
const now = (): void => {
  Date.now = realNow;
};
afterEach(now);

describe('the console', () => {
  it.each(['/console', '/console/payments', '/console/live', '/console/preferences?next=%2Fconsole'])(
    'is closed to whoever has not signed in: %s',
    async (path) => {
      const answer = await new ConsoleClient(test.url).get(path);
      expect(answer).toMatchObject({
        status: 303,
        location: `/console/sign-in?next=${encodeURIComponent(path)}`,
      });
      expect(answer.headers.get('set-cookie')).toBeNull();
    },
  );

  it.each([
    ['/payments/01a229f7-60b4-74c4-9caf-c34aed23451f/acts/close', ''],
    ['/bulk?list=%2Fconsole%2Fpayments%3Fstatus%3DHELD', ''],
    ['/preferences', ''],
  ])('leads back to the page of a form that was sent too late: %s', async (form, page) => {
    const answer = await fetch(`${test.url}/console${form}`, {
      method: 'POST',
      body: new URLSearchParams({ reason: 'x' }),
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `/console/sign-in?next=${encodeURIComponent(page || `/console${form}`)}&unkept=1`,
    ]);
  });

  it('says that the form sent too late was not saved', async () => {
    const page = await new ConsoleClient(test.url).get('/console/sign-in?next=%2Fconsole&unkept=1');
    expect(page.text).toContain('was not kept');
  });

  it.each([
    '/console/payments?from=2026-11-30T10:00&zone=Asia/Tokyo',
    '/console/payments?referenceOrderId=A/B&q=a@b',
    '/console/payments?merchant=%E4%BA%AC(x)!',
  ])('leads to a saved link unchanged: %s', async (next) => {
    const answer = await new ConsoleClient(test.url).signIn(test.tokens.operator, next);
    expect(answer.location).toBe(next);
  });

  it('leads to the wanted address after the sign-in, and never to an address of a stranger', async () => {
    const client = new ConsoleClient(test.url);
    const wanted = '/console/help?a=b';
    expect(await client.signIn(test.tokens.operator, wanted)).toMatchObject({ location: wanted });
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/console//evil.example',
      '/v1/x',
      'x',
      '/console/../v1/x',
      '/console/%2e%2E/v1',
    ]) {
      const answer = await new ConsoleClient(test.url).signIn(test.tokens.operator, next);
      expect({ next, location: answer.location }).toEqual({ next, location: '/console' });
    }
  });

  it("lets nobody in without an operator's token, and says why", async () => {
    const client = new ConsoleClient(test.url);
    const unknown = await client.signIn('no-such-token');
    expect(unknown).toMatchObject({ status: 403, text: expect.stringContaining('is not known') });
    const walletApp = await client.signIn(test.tokens.walletApp);
    expect(walletApp).toMatchObject({ status: 403, text: expect.stringContaining('payments:operate') });
    expect((await client.signIn('x'.repeat(3_000))).text).toContain('too long');
    expect((await client.get('/console/help')).status).toBe(303);
    expect(test.log.join('')).not.toContain(test.tokens.walletApp);
  });

  it('keeps its cookie from scripts and other sites, and the token out of its readable part', async () => {
    const client = new ConsoleClient(test.url);
    const [cookie = ''] = (await client.signIn(test.tokens.operator)).headers.getSetCookie();
    expect(cookie).toMatch(/^console=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
    const value = decodeURIComponent(cookie.split(/[=;]/)[1] ?? '');
    expect(Buffer.from(value, 'base64').toString('latin1')).not.toContain(test.tokens.operator);
  });

  it('sets its cookie for TLS only, as soon as it listens to more than this machine', async () => {
    const open = await startTestService({
      environment: { HOST: '0.0.0.0', ROLE: 'api' },
      database: test.database,
    });
    const url = open.url.replace('0.0.0.0', '127.0.0.1').replace('[::]', '127.0.0.1');
    const [cookie] = (await new ConsoleClient(url).get('/console/sign-in')).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-console=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    await open.stop();
  });

  it('sends every page with a policy that allows only our own files, and forbids caching', async () => {
    const client = await signedIn();
    for (const path of ['/console/help', '/console/sign-in', '/console/nothing']) {
      const { headers } = await client.get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('changes nothing for a form that it has not made, whoever is signed in', async () => {
    const client = await signedIn();
    const stranger = new ConsoleClient(test.url);
    const strangers = csrfIn((await stranger.get('/console/sign-in')).text);
    for (const fields of [{ zone: 'Asia/Tokyo' }, { zone: 'Asia/Tokyo', csrf: strangers }]) {
      const answer = await client.postRaw('/console/preferences', fields);
      expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('too old') });
      expect(answer.headers.getSetCookie().join()).not.toContain('Tokyo');
    }
    const json = await fetch(`${test.url}/console/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(415);
  });

  it('means nothing to the API: its cookie opens no call, and its forms are no bodies there', async () => {
    const [cookie = ''] = (
      await new ConsoleClient(test.url).signIn(test.tokens.operator)
    ).headers.getSetCookie();
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await fetch(`${test.url}/v1/operations/payments`, { headers })).status).toBe(401);
    const body = new URLSearchParams({ codeValue: 'x' });
    const authorization = `Bearer ${test.tokens.walletApp}`;
    const posted = await fetch(`${test.url}/v1/scans`, { method: 'POST', body, headers: { authorization } });
    expect(posted.status).toBe(415);
    expect(posted.headers.getSetCookie()).toEqual([]);
  });
});

describe('a session', () => {
  it('ends by signing out', async () => {
    const client = await signedIn();
    expect((await client.get('/console/help')).status).toBe(200);
    expect(await client.post('/console/sign-out', {}, '/console/help')).toMatchObject({
      status: 303,
      location: '/console/sign-in',
    });
    expect((await client.get('/console/help')).status).toBe(303);
  });

  it('ends after some idle time, and an automatic refresh does not count as activity', async () => {
    const client = await signedIn();
    later(20);
    const looked = await client.get('/console/help', { 'hx-request': 'true' });
    expect(looked.status).toBe(200);
    expect(looked.headers.getSetCookie()).toEqual([]);
    const idle = client.at(test.url);
    expect((await client.get('/console/help')).headers.getSetCookie()).toHaveLength(1);
    later(20);
    expect((await client.get('/console/help')).status).toBe(200);
    expect((await idle.get('/console/help')).status).toBe(303);
    const refused = await idle.get('/console/help', { 'hx-request': 'true' });
    expect(refused.status).toBe(401);
    const signInAgain = '/console/sign-in?next=%2Fconsole%2Fhelp&why=idle';
    expect(refused.headers.get('hx-redirect')).toBe(signInAgain);
    expect((await idle.get(signInAgain)).text).toContain('nothing was clicked for 30 minutes');
    const returned = await idle.post(
      '/console/sign-in',
      { token: test.tokens.operator, next: '/console/help' },
      signInAgain,
    );
    expect(returned).toMatchObject({ status: 303, location: '/console/help' });
  });

  it('ends after a shift, however busy its operator was', async () => {
    const client = await signedIn();
    for (let minutes = 25; minutes <= 13 * 60; minutes += 25) {
      later(25);
      const { status } = await client.get('/console/help');
      if (status !== 200) {
        expect(minutes).toBeGreaterThan(12 * 60);
        return;
      }
    }
    throw new Error('the session never ended');
  });

  it('stays for people who may only look, as on a screen on a wall, and can change nothing', async () => {
    const client = new ConsoleClient(test.url);
    expect((await client.signIn(test.tokens.watcher)).status).toBe(303);
    for (let minutes = 0; minutes <= 12 * 60; minutes += 29) {
      later(29);
      expect((await client.get('/console/overview', { 'hx-request': 'true' })).status).toBe(200);
    }
    now();
    const act = `/console/payments/${randomUUID()}/acts/close`;
    expect((await client.get(act)).status).toBe(403);
    expect((await client.post(act, { reason: 'x' }, '/console/help')).status).toBe(403);
    expect((await client.get('/console/payments.csv')).status).toBe(403);
    expect((await client.get('/console/payments')).status).toBe(200);
    const authorization = `Bearer ${test.tokens.watcher}`;
    expect((await fetch(`${test.url}/v1/operations/payments`, { headers: { authorization } })).status).toBe(
      403,
    );
  });

  it('is valid at every process with the same secret, and ends when its token is no longer listed', async () => {
    const client = await signedIn();
    const environment = { ROLE: 'api', CONSOLE_SESSION_SECRET_FILE: secretFile };
    const apiKeys = { API_KEYS_FILE: test.tokens.apiKeysFile };
    const { database } = test;
    const same = await startTestService({ database, environment: { ...environment, ...apiKeys } });
    const revoked = await startTestService({ database, environment });
    const otherSecret = await startTestService({ database, environment: { ...apiKeys, ROLE: 'api' } });
    expect((await client.at(same.url).get('/console/help')).status).toBe(200);
    expect((await client.at(revoked.url).get('/console/help')).status).toBe(303);
    expect((await client.at(otherSecret.url).get('/console/help')).status).toBe(303);
    await Promise.all([same.stop(), revoked.stop(), otherSecret.stop()]);
  });

  it('survives the rotation of the secret while the old one is still listed', async () => {
    const client = await signedIn();
    const rotated = join(folder, 'rotated');
    writeFileSync(rotated, `${'n'.repeat(40)}\n${createHash('sha256').update('x').digest('hex')}\n`);
    const environment = {
      ROLE: 'api',
      API_KEYS_FILE: test.tokens.apiKeysFile,
      CONSOLE_SESSION_SECRET_FILE: rotated,
    };
    const gone = await startTestService({ database: test.database, environment });
    expect((await client.at(gone.url).get('/console/help')).status).toBe(303);
    await gone.stop();
    const both = join(folder, 'both');
    writeFileSync(both, `${'n'.repeat(40)}\n${readFileSync(secretFile, 'utf8')}`);
    const kept = await startTestService({
      database: test.database,
      environment: { ...environment, CONSOLE_SESSION_SECRET_FILE: both },
    });
    expect((await client.at(kept.url).get('/console/help')).status).toBe(200);
    await kept.stop();
  });

  it('can be based on a token of the identity provider', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] });
    const provider = createServer((_request, response) => response.end(keys)).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const address = provider.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const idp = await startTestService({
      database: test.database,
      environment: {
        ROLE: 'api',
        AUTH_JWKS_URL: `http://127.0.0.1:${port}/`,
        AUTH_ISSUER: 'https://id.example.com/',
        AUTH_AUDIENCE: 'console',
      },
    });
    const token = await new SignJWT({ scope: 'payments:operate', client_id: 'ada', sub: 'ada' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer('https://id.example.com/')
      .setAudience('console')
      .setExpirationTime('2 s')
      .sign(privateKey);
    const client = new ConsoleClient(idp.url);
    expect((await client.signIn(token)).status).toBe(303);
    expect((await client.get('/console/help')).text).toContain('ada');
    await until('it has ended', async () => (await client.get('/console/help')).status === 303);
    await idp.stop();
    provider.close();
  });
});

describe('a process', () => {
  it.each([{ ROLE: 'worker' }, { CONSOLE: 'false' }])('with %j serves no console', async (environment) => {
    const other = await startTestService({ database: test.database, environment });
    expect((await fetch(`${other.url}/console/sign-in`)).status).toBe(404);
    await other.stop();
  });
});

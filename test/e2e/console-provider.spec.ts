import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysCommand } from '../../scripts/keys.js';
import { openNamedDatabase } from '../../src/platform/database/open-named-database.js';
import { ask } from '../support/database/ask.js';
import { ConsoleClient, type ConsoleAnswer } from '../support/browser/console-client.js';
import { CompanyProvider } from '../support/providers/company-provider.js';
import { comeBack, consolePlace, leaveFor } from '../support/providers/provider-console.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'console-provider-'));
const secretFile = join(folder, 'session');
writeFileSync(secretFile, randomBytes(32).toString('hex'));
const clientSecretFile = join(folder, 'client');
writeFileSync(clientSecretFile, 'the secret of the console\n');
afterAll(() => rmSync(folder, { recursive: true }));

let test: TestService;
let provider: CompanyProvider;
let environment: Record<string, string>;
beforeAll(async () => {
  const place = await consolePlace();
  provider = await CompanyProvider.start({ consoleUrl: place.url, secret: 'the secret of the console' });
  environment = {
    ...provider.settings,
    CONSOLE_OIDC_CLIENT_SECRET_FILE: clientSecretFile,
    CONSOLE_SESSION_SECRET_FILE: secretFile,
    LIMIT_FAILED_SIGN_INS_PER_MINUTE: '0',
    ROLE: 'api',
  };
  test = await startTestService({ environment: { ...environment, ...place.settings } });
});
afterAll(async () => {
  await test.stop();
  await provider.stop();
});

const realNow = Date.now;
const later = (minutes: number): void => {
  const ahead = Date.now() - realNow() + minutes * 60_000;
  Date.now = () => realNow() + ahead;
};
afterEach(() => {
  Date.now = realNow;
});

const signInAs = async (
  login: string,
  client: ConsoleClient,
  next = '/console/help',
): Promise<ConsoleAnswer> => {
  const address = await leaveFor(client, next);
  return comeBack(client, await provider.signIn(address.href, login));
};

const signedInAs = async (login: string): Promise<ConsoleClient> => {
  const client = new ConsoleClient(test.url);
  expect((await signInAs(login, client)).headers.get('refresh')).toBe('0; url=/console/help');
  return client;
};

describe('signing in by the identity provider', () => {
  it('leads there with PKCE, state and nonce, and back to the wanted page, with the name of the person', async () => {
    const client = new ConsoleClient(test.url);
    const page = await client.get('/console/sign-in?next=%2Fconsole%2Fpayments');
    expect(page.text).toContain('href="/console/sign-in/provider?next=%2Fconsole%2Fpayments"');
    expect(page.text).toContain('Operator token');
    const address = await leaveFor(client, '/console/payments?status=PAID');
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: 'payments-console',
      response_type: 'code',
      redirect_uri: `${test.url}/console/sign-in/callback`,
      scope: 'openid profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const back = await comeBack(client, await provider.signIn(address.href, 'ada'));
    expect(back).toMatchObject({ status: 200 });
    expect(back.headers.get('refresh')).toBe('0; url=/console/payments?status=PAID');
    expect((await client.get('/console/help')).text).toMatch(/Signed in as <\/span>ada</);
    const tokens = test.log.filter((line) => /code=|id_token|eyJ/.test(line));
    expect(tokens).toEqual([]);
    expect(test.log.join('')).toContain('"actor":"operator:payments-console/ada"');
  });

  it('keeps the sign-in in a cookie that the browser sends from the provider, and the session in one that it does not', async () => {
    const client = new ConsoleClient(test.url);
    const left = await client.get('/console/sign-in/provider');
    expect(left.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^console-sign-in=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const back = await comeBack(client, await provider.signIn(left.location ?? '', 'ada'));
    expect(back.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^console=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(/^console-sign-in=; /),
    ]);
  });

  it('gives each group its scopes, and records the person with their acts', async () => {
    const payment = await test.app.decodedPayment('twin:S#by-provider');
    const act = `/console/payments/${payment.paymentId}/acts/close`;
    const watcher = await signedInAs('wall');
    expect((await watcher.get(act)).status).toBe(403);
    expect((await watcher.post(act, { reason: 'x' }, '/console/help')).status).toBe(403);
    const operator = await signedInAs('ada');
    expect((await operator.post(act, { reason: 'the shop has closed' })).status).toBe(303);
    const shown = await (await signedInAs('aud')).get(`/console/payments/${payment.paymentId}`);
    expect(shown.text).toContain('operator:payments-console/ada');
    const { status } = (await test.app.read(payment.paymentId)).body;
    expect(status).toBe('CANCELLED');
  });

  it('refuses a person of no group with a page that tells them nothing, and the log what is missing', async () => {
    const client = new ConsoleClient(test.url);
    const refused = await signInAs('eve', client);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('may not use this console');
    expect(refused.text).toContain('again=1');
    expect(refused.text).not.toMatch(/groups|ROLE_MISSING|payments-operators/);
    expect((await client.get('/console/help')).status).toBe(303);
    const line = test.log.find((one) => one.includes('ROLE_MISSING'));
    expect(line).toContain('"reason":"ROLE_MISSING (groups)"');
    expect(line).not.toMatch(/\beve\b|sales/);
    const again = await client.get('/console/sign-in/provider?again=1');
    expect(new URL(again.location ?? '').searchParams.get('prompt')).toBe('login');
  });

  it('takes an answer once: neither again, nor in a copy of the cookie, nor after ten minutes', async () => {
    const client = new ConsoleClient(test.url);
    const address = await provider.signIn((await leaveFor(client)).href, 'ada');
    const copy = client.at(test.url);
    expect((await comeBack(client, address)).status).toBe(200);
    expect((await comeBack(client, address)).status).toBe(403);
    expect(await comeBack(copy, address)).toMatchObject({
      status: 403,
      text: expect.stringContaining('answered before'),
    });
    const slow = new ConsoleClient(test.url);
    const answer = await provider.signIn((await leaveFor(slow)).href, 'ada');
    later(9);
    const copyInTime = slow.at(test.url);
    later(2);
    expect((await comeBack(copyInTime, answer)).status).toBe(403);
    expect((await copyInTime.get('/console/help')).status).toBe(303);
  });

  it('signs nobody in who has not begun in that browser', async () => {
    const attacker = new ConsoleClient(test.url);
    const answer = await provider.signIn((await leaveFor(attacker)).href, 'ada');
    const victim = new ConsoleClient(test.url);
    await leaveFor(victim);
    expect((await comeBack(victim, answer)).status).toBe(403);
    expect((await comeBack(new ConsoleClient(test.url), answer)).status).toBe(403);
    expect((await victim.get('/console/help')).status).toBe(303);
  });

  it('starts with a click on our page, never with a link elsewhere', async () => {
    const client = new ConsoleClient(test.url);
    const sent = await client.get('/console/sign-in/provider?next=%2Fconsole%2Flive', {
      'sec-fetch-site': 'cross-site',
    });
    expect(sent).toMatchObject({ status: 303, location: '/console/sign-in?next=%2Fconsole%2Flive' });
    expect(sent.headers.getSetCookie()).toEqual([]);
  });

  it.each(['https://evil.example', '//evil.example', '/console//evil.example', '/v1/x', '/console/sign-in'])(
    'leads to no address of somebody else: %s',
    async (next) => {
      const client = new ConsoleClient(test.url);
      expect((await signInAs('ada', client, next)).headers.get('refresh')).toBe('0; url=/console');
    },
  );

  it.each([
    '',
    '?state',
    '?state=&code=x',
    `?code=x&state=${'x'.repeat(7_000)}`,
    '?code=x&state[]=a&state[]=b',
    '?code=%00&state=%00',
    '?code=x&state=%E0%A4%A',
    '?state=__proto__&code=x',
    '?error=%3Cscript%3Ealert(1)%3C%2Fscript%3E&error_description=x',
    '?code=x&state=undefined&iss=https://evil.example',
  ])(
    'is refused without any text that the caller chose, and never as an error of ours: %s',
    async (search) => {
      const client = new ConsoleClient(test.url);
      await leaveFor(client);
      const answer = await client.get(`/console/sign-in/callback${search}`);
      expect(answer).toMatchObject({
        status: 403,
        text: expect.stringContaining('not begun in this browser'),
      });
      expect(answer.text).not.toMatch(/evil\.example|<script>|__proto__/);
      expect((await client.get('/console/help')).status).toBe(303);
    },
  );

  it('works in several tabs at once', async () => {
    const client = new ConsoleClient(test.url);
    const [one, two] = [await leaveFor(client, '/console/live'), await leaveFor(client, '/console/service')];
    const answers = [await provider.signIn(one.href, 'ada'), await provider.signIn(two.href, 'ada')];
    const ends = [];
    for (const answer of answers) ends.push((await comeBack(client, answer)).headers.get('refresh'));
    expect(ends).toEqual(['0; url=/console/live', '0; url=/console/service']);
  });
});

describe('a session by the identity provider', () => {
  it('ends by signing out, in every copy of its cookie, and with the provider', async () => {
    const client = await signedInAs('ada');
    const copy = client.at(test.url);
    expect((await copy.get('/console/help')).status).toBe(200);
    const out = await client.post('/console/sign-out', {}, '/console/help');
    const leadsTo = new URL((out.headers.get('refresh') ?? '').replace('0; url=', ''));
    expect(leadsTo.origin + leadsTo.pathname).toBe(`${provider.issuer}/session/end`);
    expect(Object.fromEntries(leadsTo.searchParams)).toEqual({
      client_id: 'payments-console',
      post_logout_redirect_uri: `${test.url}/console/sign-in`,
      id_token_hint: expect.stringMatching(/^eyJ/),
    });
    expect((await fetch(leadsTo)).status).toBe(200);
    expect(await copy.get('/console/help')).toMatchObject({
      location: '/console/sign-in?next=%2Fconsole%2Fhelp&why=signed-out',
    });
  });

  it('ends without a click and after a shift, and says why', async () => {
    const idle = await signedInAs('ada');
    later(31);
    expect((await idle.get('/console/live')).location).toBe(
      '/console/sign-in?next=%2Fconsole%2Flive&why=idle',
    );
    Date.now = realNow;
    const busy = await signedInAs('ada');
    let location: string | null = null;
    for (let minutes = 0; minutes <= 13 * 60 && location === null; minutes += 25) {
      later(25);
      ({ location } = await busy.get('/console/help'));
    }
    expect(location).toContain('why=shift');
  });

  it('stays for people who may only look, as on a screen on a wall', async () => {
    const client = await signedInAs('wall');
    for (let minutes = 0; minutes <= 13 * 60; minutes += 29) {
      later(29);
      expect((await client.get('/console/overview', { 'hx-request': 'true' })).status).toBe(200);
    }
  });

  it('ends with its row, and says the right reason for each', async () => {
    const [shift, wall] = [await signedInAs('ada'), await signedInAs('wall')];
    await ask(
      test.database.url,
      'update provider_session set signed_in_at = signed_in_at - (ends_at - db_now()), ends_at = db_now()',
    );
    expect((await shift.get('/console/help')).location).toContain('why=shift');
    const { location } = await wall.get('/console/help');
    expect(location).toContain('why=provider');
    expect((await wall.get(location ?? '')).text).toContain('its time was over');
  });

  it('is valid at every process, and ends where the settings differ', async () => {
    const client = await signedInAs('ada');
    const { database } = test;
    const elsewhere = { ...environment, CONSOLE_PUBLIC_URL: test.url };
    const same = await startTestService({ database, environment: elsewhere });
    const otherGroups = { ...elsewhere, CONSOLE_OIDC_OPERATE_GROUPS: 'others' };
    const others = await startTestService({ database, environment: otherGroups });
    const none = await startTestService({
      database,
      environment: { CONSOLE_SESSION_SECRET_FILE: secretFile },
    });
    expect((await client.at(same.url).get('/console/help')).status).toBe(200);
    for (const { url } of [others, none])
      expect((await client.at(url).get('/console/help')).location).toContain('why=provider');
    expect((await new ConsoleClient(none.url).get('/console/sign-in/provider')).status).toBe(404);
    await Promise.all([same.stop(), others.stop(), none.stop()]);
  });

  it('is ended at once by an administrator, with all others of that person and of nobody else', async () => {
    const sessions = [await signedInAs('ada'), await signedInAs('ada'), await signedInAs('ben')];
    const database = await openNamedDatabase({ DATABASE_URL: test.database.url });
    const done = await keysCommand(['sign-out', 'ADA', '--json'], { database, fileKeys: [] });
    expect(done).toMatchObject({ exitCode: 0, report: { ended: expect.any(Number) } });
    expect(await keysCommand(['sign-out', 'ada'], { database, fileKeys: [] })).toMatchObject({ exitCode: 1 });
    await database.pool.end();
    const statuses = [];
    for (const session of sessions) statuses.push((await session.get('/console/help')).status);
    expect(statuses).toEqual([303, 303, 200]);
  });

  it('is not made by whoever has the secret of the cookies: it is a row', async () => {
    const client = await signedInAs('ada');
    await ask(test.database.url, 'delete from provider_session');
    expect((await client.get('/console/help')).location).toContain('why=provider');
  });
});

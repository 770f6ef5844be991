import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysCommand, type KeysAt } from '../../scripts/keys.js';
import { readApiKeyFile } from '../../src/platform/auth/api-key-file.js';
import { openNamedDatabase } from '../../src/platform/database/open-named-database.js';
import { ConsoleClient } from '../support/browser/console-client.js';
import { ApiClient, type Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'access-'));
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, randomBytes(32).toString('hex'));

let one: TestService;
let other: TestService;
let at: KeysAt;
const start = () =>
  startTestService({
    ...(one ? { database: one.database } : {}),
    environment: {
      ROLE: 'api',
      // Waiting until every process refuses a key takes many failed attempts; test/attack tests their limit.
      LIMIT_FAILED_SIGN_INS_PER_MINUTE: '0',
      CONSOLE_SESSION_SECRET_FILE: secretFile,
      ...(one ? { API_KEYS_FILE: one.tokens.apiKeysFile } : {}),
    },
  });
beforeAll(async () => {
  one = await start();
  other = await start();
  const database = await openNamedDatabase({ DATABASE_URL: one.database.url });
  at = { database, fileKeys: readApiKeyFile(one.tokens.apiKeysFile) };
});
afterAll(async () => {
  await at.database.pool.end();
  await other.stop();
  await one.stop();
  rmSync(folder, { recursive: true });
});

/** At every process: a key revoked at only one of them is not revoked. */
const statuses = (token: string): Promise<number[]> =>
  Promise.all(
    [one, other].map(async ({ url }) => (await new ApiClient(url, token).read(randomUUID())).status),
  );

const run = async (...args: string[]): Promise<Json> => {
  const { report } = await keysCommand([...args, '--json'], at);
  return report;
};

describe('a session that was signed out of', () => {
  it('is over in every copy of its cookie, in all processes and in those that start later', async () => {
    const client = new ConsoleClient(one.url);
    expect((await client.signIn(one.tokens.operator)).status).toBe(303);
    const copy = client.at(other.url);
    expect((await copy.get('/console/help')).status).toBe(200);
    await client.post('/console/sign-out', {}, '/console/help');
    const later = await start();
    for (const { url } of [one, other, later])
      expect((await copy.at(url).get('/console/help')).status).toBe(303);
    await later.stop();
  });

  it('ends no other session of the same operator', async () => {
    const [leaving, staying] = [new ConsoleClient(one.url), new ConsoleClient(one.url)];
    await leaving.signIn(one.tokens.operator);
    await staying.signIn(one.tokens.operator);
    await leaving.post('/console/sign-out', {}, '/console/help');
    expect((await staying.get('/console/help')).status).toBe(200);
  });
});

describe('npm run keys', () => {
  it('makes a key that every process takes, lists its use, and revokes it everywhere, for sessions too', async () => {
    const { token, expiresAt } = await run(
      'make',
      'new-app',
      '--scope',
      'payments:write',
      '--scope',
      'payments:operate',
    );
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    await until('all take it', async () => (await statuses(token)).every((status) => status === 404));
    const session = new ConsoleClient(other.url);
    expect((await session.signIn(token)).status).toBe(303);
    const again = await keysCommand(['make', 'new-app', '--scope', 'payments:read'], at);
    expect(again).toMatchObject({ exitCode: 1, text: expect.stringContaining('already') });
    await run('revoke', 'new-app');
    await until('nobody takes it', async () => (await statuses(token)).every((status) => status === 401));
    expect((await session.get('/console/help')).status).toBe(303);
    const { keys } = await run('list');
    expect(keys).toContainEqual(expect.objectContaining({ name: 'new-app', revokedAt: expect.any(Date) }));
    expect(
      JSON.stringify(await at.database.run({ name: 'all', text: 'select * from api_key' }, [])),
    ).not.toContain(token);
  });

  it('makes a key end at a time, and never lets it live longer', async () => {
    const { token } = await run('make', 'short', '--scope', 'payments:read', '--days', '1');
    await until('all take it', async () => (await statuses(token)).every((status) => status === 404));
    const { expiresAt } = await run('expire', 'short', '--days', '30');
    expect(Date.parse(expiresAt)).toBeLessThan(Date.now() + 2 * 86_400_000);
    await run('expire', 'short', '--days', '0');
    await until('nobody takes it', async () => (await statuses(token)).every((status) => status === 401));
  });

  it('revokes a key of the file, too', async () => {
    expect((await statuses(one.tokens.richOnly)).every((status) => status === 404)).toBe(true);
    await run('revoke', 'rich-only');
    await until('nobody takes it', async () =>
      (await statuses(one.tokens.richOnly)).every((status) => status === 401),
    );
  });

  it('refuses an unknown scope and an unknown key', async () => {
    expect(await keysCommand(['make', 'x', '--scope', 'payments:all'], at)).toMatchObject({ exitCode: 2 });
    expect(await keysCommand(['revoke', 'nobody'], at)).toMatchObject({ exitCode: 1 });
  });

  it('makes no key for one customer that would see all of them, nor for one whose id breaks a listing', async () => {
    const make = (...more: string[]) => keysCommand(['make', 'bound', ...more], at);
    for (const scope of ['payments:operate', 'payments:approve', 'payments:watch', 'payments:raw'])
      expect(await make('--scope', 'payments:read', '--scope', scope, '--customer', 'c-1')).toMatchObject({
        exitCode: 1,
        text: expect.stringContaining(scope),
      });
    for (const customer of ['c\n1', 'c\u001b[2J', 'c\u202e1', 'c\u200b', 'c'.repeat(65)])
      expect(await make('--scope', 'payments:read', '--customer', customer)).toMatchObject({ exitCode: 2 });
    expect(await make('--scope', 'payments:read', '--customer', 'Käufer 1')).toMatchObject({ exitCode: 0 });
  });
});

describe('payments:read', () => {
  it('shows payments and changes none', async () => {
    const { token } = await run('make', 'reader', '--scope', 'payments:read');
    await until('all take it', async () => (await statuses(token)).every((status) => status === 404));
    const reader = new ApiClient(one.url, token);
    const payment = await one.app.decodedPayment(`twin:S#${randomUUID()}`);
    expect((await reader.read(payment.paymentId)).status).toBe(200);
    expect((await reader.confirm(payment)).status).toBe(403);
    expect((await reader.decline(payment.paymentId)).status).toBe(403);
    expect((await reader.scan(`twin:S#${randomUUID()}`)).status).toBe(403);
    expect((await reader.operations('/summary')).status).toBe(403);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectChecked } from '../../src/platform/database/checked-connection.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { lookAtRedis } from '../../src/platform/queues/checked-redis.js';
import { ask } from '../support/database/ask.js';
import { RawProgram } from '../support/service/raw-program.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';

jest.setTimeout(120_000);

let ground: TestGround;
let web: string;
let greeter: string;
const servers: Server[] = [];
const folder = mkdtempSync(join(tmpdir(), 'start-faults-'));

beforeAll(async () => {
  ground = await prepareTestGround();
  web = await listening(createHttpServer((_, response) => response.end('hello')));
  // MySQL, SSH and mail servers speak first, as this one does.
  greeter = await listening(
    createServer((socket) => socket.on('error', () => undefined).write('J\0\0\0\x0a8.0.35\0 and more')),
  );
});
afterAll(async () => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
  await ground.stop();
});

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `127.0.0.1:${Reflect.get(Object(server.address()), 'port')}`;
}

/** The address of the test's database with some parts changed. */
function databaseUrl(change: (url: URL) => void): string {
  const url = new URL(ground.database.url);
  change(url);
  return url.href;
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it worked',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}

describe('the first contact with a database', () => {
  test.each<[string, () => string, RegExp]>([
    [
      'a wrong password',
      () => databaseUrl((url) => (url.password = 'wrong')),
      /is refused: wrong password for the user/,
    ],
    ['an unknown user', () => databaseUrl((url) => (url.username = 'nobody-here')), /is refused: /],
    [
      'a database that is not there',
      () => databaseUrl((url) => (url.pathname = '/nowhere')),
      /"nowhere", which does not exist/,
    ],
    ['a web server', () => `postgres://mpp:hidden@${web}/mpp`, /does not speak as a PostgreSQL does/],
    [
      'a server that speaks first',
      () => `postgres://mpp:hidden@${greeter}/mpp`,
      /does not speak as a PostgreSQL does/,
    ],
    ['nothing', () => 'postgres://mpp:hidden@127.0.0.1:1/mpp', /names 127\.0\.0\.1:1, where nothing listens/],
    ['an unknown host', () => 'postgres://mpp:hidden@nowhere.invalid/mpp', /names the host nowhere\.invalid/],
    ['TLS that is not there', () => databaseUrl((url) => (url.search = '?sslmode=require')), /asks for TLS/],
    [
      'a file that is not there',
      () => databaseUrl((url) => (url.search = '?sslrootcert=/nowhere.pem')),
      /a file that cannot be read/,
    ],
  ])('at an address with %s says so and names the setting', async (_what, url, fault) => {
    const message = await messageOf(connectChecked(url()));
    expect(message).toMatch(/^SettingsError: DATABASE_URL: /);
    expect(message).toMatch(fault);
    expect(message).not.toMatch(/hidden|\n/);
  });

  test('refuses a database of another encoding, a read-only one, and one without the right to create tables', async () => {
    const name = `faults_${process.pid}`;
    const admin = (text: string) => ask(ground.database.url, text);
    await admin(`create database ${name}_latin encoding 'LATIN1' locale 'C' template template0`);
    await admin(`create database ${name} template template0`);
    await admin(`create role ${name} login password 'mpp'`);
    const named = (path: string, role = false) =>
      databaseUrl((url) => {
        url.pathname = `/${path}`;
        if (role) [url.username, url.password] = [name, 'mpp'];
      });
    try {
      expect(await messageOf(connectChecked(named(`${name}_latin`)))).toMatch(
        /encoding LATIN1; UTF8 is needed/,
      );
      expect(await messageOf(migrateDatabase(named(name, true)))).toMatch(
        /^SettingsError: DATABASE_URL: .*permission denied/,
      );
      const setting = 'DATABASE_DIRECT_URL';
      for (const path of [name, 'nowhere'])
        expect(await messageOf(migrateDatabase(named(path, true), 'bullmq', { setting }))).toMatch(
          /^SettingsError: DATABASE_DIRECT_URL: /,
        );
      await admin(`alter database ${name} set default_transaction_read_only = on`);
      expect(await messageOf(connectChecked(named(name)))).toMatch(/takes no writes/);
    } finally {
      for (const one of [name, `${name}_latin`]) await admin(`drop database if exists ${one} with (force)`);
      await admin(`drop role ${name}`);
    }
  });
});

test('the first contact with a Redis names a server that is not Redis', async () => {
  const { host } = new URL(ground.database.url);
  expect(await lookAtRedis(`redis://${web}`)).toEqual({
    outcome: 'unfit',
    rule: `names ${web}, which does not speak as a Redis does`,
  });
  expect(await lookAtRedis(`rediss://${web}`)).toMatchObject({
    outcome: 'unfit',
    rule: expect.stringContaining('asks for TLS'),
  });
  expect(await lookAtRedis(`redis://${host}`)).toMatchObject({ outcome: 'away' });
  expect(await lookAtRedis('redis://127.0.0.1:1')).toMatchObject({ outcome: 'away' });
});

describe('the started program', () => {
  const garbage = join(folder, 'garbage');
  writeFileSync(garbage, 'no key at all');

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['a taken port', () => ({ PORT: web.split(':')[1] ?? '' }), /PORT: \d+ is in use at 127\.0\.0\.1/],
    [
      'a taken port for management',
      () => ({ MANAGEMENT_PORT: web.split(':')[1] ?? '' }),
      /MANAGEMENT_PORT: \d+ is in use at 127\.0\.0\.1/,
    ],
    ['an unknown host', () => ({ HOST: 'http://0.0.0.0' }), /HOST: names "http:\/\/0\.0\.0\.0"/],

    [
      'a wrong password',
      () => ({ DATABASE_URL: databaseUrl((url) => (url.password = 'hidden')) }),
      /DATABASE_URL: is refused/,
    ],
    [
      'a password with %',
      () => ({ DATABASE_URL: 'postgres://mpp:100%sure@db/mpp' }),
      /DATABASE_URL: has a %/,
    ],
    [
      'another server for Redis',
      () => ({ REDIS_URL: `redis://${web}` }),
      /REDIS_URL: names .* does not speak as a Redis/,
    ],
    [
      'a key file that is missing',
      () => ({ ALIPAYPLUS_PRIVATE_KEY_FILE: '/nowhere.pem' }),
      /ALIPAYPLUS_PRIVATE_KEY_FILE: names \/nowhere\.pem, which is not there/,
    ],

    [
      'a file for the data',
      () => ({ DATA_DIR: garbage, DATABASE_URL: '' }),
      /DATA_DIR: names .*garbage, which is a file/,
    ],
  ])('with %s ends with one sentence and exit code 1', async (_what, settings, sentence) => {
    const program = new RawProgram({ environment: { ...ground.environment, ...settings() } });
    try {
      expect(await program.ended).toEqual([1, null]);
      const told = program.said.split('\n').filter((line) => !line.startsWith('{') && line !== '');
      expect(told).toEqual([expect.stringMatching(/^Cannot start\. /)]);
      expect(told[0]).toMatch(sentence);
      expect(program.said).not.toMatch(/"stack"|\n +at |hidden|sure/);
    } finally {
      await program.remove();
    }
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { isAlive } from '../../embedded/postgres/is-alive.js';
import { ask, askAnew } from '../support/database/ask.js';
import { type TestDatabase, createTestDatabase } from '../support/database/test-database.js';
import { waitUntil } from '../support/database/wait-until.js';
import { type PrivateRedis, startPrivateRedis } from '../../scripts/drill/programs/private-redis.js';

jest.setTimeout(60_000);

/** Starts a private Redis, compiled, and lives until it is killed. */
const REDIS_PROGRAM = `
  const { startPrivateRedis } = await import(${JSON.stringify(pathToFileURL(resolve('dist/scripts/drill/programs/private-redis.js')).href)});
  const { pid, directory } = await startPrivateRedis();
  console.log(JSON.stringify({ pid, directory }));
  setInterval(() => {}, 60_000);
`;

const tableNames = async (url: string): Promise<string[]> => {
  const rows = await ask<{ name: string }>(
    url,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  return rows.map(({ name }) => name);
};

describe('a test database', () => {
  test('is migrated and separate, however many are made at once', async () => {
    const databases = await Promise.all(Array.from({ length: 4 }, () => createTestDatabase()));
    try {
      expect(new Set(databases.map(({ url }) => url)).size).toBe(4);
      for (const { url } of databases) expect(await tableNames(url)).toContain('migrations');
      await ask(databases[0]?.url ?? '', 'CREATE TABLE mine (n int)');
      expect(await tableNames(databases[1]?.url ?? '')).not.toContain('mine');
    } finally {
      await Promise.all(databases.map((database) => database.drop()));
    }
  });

  test('may be empty', async () => {
    const database = await createTestDatabase({ empty: true });
    try {
      expect(await tableNames(database.url)).toEqual([]);
    } finally {
      await database.drop();
    }
  });

  test('is dropped although a client is still connected, and may be dropped twice', async () => {
    const database: TestDatabase = await createTestDatabase({ empty: true });
    const lingering = new Client({ connectionString: database.url });
    const ended = new Promise((resolve) => lingering.on('error', resolve));
    await lingering.connect();
    await database.drop();
    await ended;
    await database.drop();
    await expect(askAnew(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describe('a private Redis', () => {
  let redis: PrivateRedis | undefined;
  let client: Redis | undefined;

  beforeAll(async () => {
    redis = await startPrivateRedis();
  });

  afterEach(() => {
    client?.disconnect();
    client = undefined;
  });

  afterAll(() => redis?.stop());

  test('never evicts, and finds its data after a crash, on the same port', async () => {
    if (redis === undefined) return;
    client = new Redis(redis.url, { retryStrategy: () => 50 });
    client.on('error', () => undefined);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    await client.set('kept', '7');
    const { pid } = redis;
    await redis.kill();
    expect(isAlive(pid)).toBe(false);
    await redis.restart();
    expect(redis.pid).not.toBe(pid);
    expect(await client.get('kept')).toBe('7');
  });

  test('ends with the process that started it, and leaves no data behind', async () => {
    if (redis === undefined) return;
    const program = spawn(process.execPath, ['--input-type=module', '--eval', REDIS_PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(program.stdout, 'data');
    const { pid, directory } = JSON.parse(String(said));
    expect([isAlive(pid), existsSync(directory)]).toEqual([true, true]);
    program.kill('SIGKILL');
    await waitUntil('its Redis is gone', () => !isAlive(pid));
    await waitUntil('its data is gone', () => !existsSync(directory));
  });
});

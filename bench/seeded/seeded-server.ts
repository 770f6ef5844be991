import { mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { seededOrders, seedOperations } from '../../scripts/seed-operations/seed-operations.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { startEmbeddedPostgres } from '../../embedded/postgres/start-embedded-postgres.js';
import { ask, databaseUrl } from '../compare/ask.js';

export interface SeededServer {
  /** The address of a database with that many orders, an existing one or a new one, made in minutes for millions. */
  database(wish: SeededDatabase): Promise<string>;
  stop(): Promise<void>;
}

interface SeededDatabase {
  readonly name: string;
  readonly orders: number;
  /** Whether a database used before is still good enough; otherwise it is made again. */
  readonly isAsGood?: (url: string) => Promise<boolean>;
}

/** A server with a quarter of the memory for its cache, as PostgreSQL's manual advises, kept in out/bench-seeded. */
export async function startSeededServer(
  durable: boolean,
  tell: (message: string) => void,
): Promise<SeededServer> {
  const parent = resolve('out/bench-seeded');
  await mkdir(parent, { recursive: true });
  const start = () =>
    startEmbeddedPostgres({ dataDirectory: resolve(parent, 'postgres'), log: tell, durable });
  let server = await start();
  const sharedBuffers = `${Math.floor(totalmem() / 4 / 2 ** 20)}MB`;
  if ((await buffersOf(server.url)) !== sharedBuffers) {
    await configure(server.url, sharedBuffers);
    await server.stop();
    server = await start();
  }
  return { database: (wish) => seeded(server.url, wish, tell), stop: () => server.stop() };
}

async function seeded(
  server: string,
  { name, orders, isAsGood }: SeededDatabase,
  tell: (message: string) => void,
): Promise<string> {
  const url = databaseUrl(server, name);
  const [known] = await ask<{ there: boolean }>(
    server,
    `select exists (select from pg_database where datname = $1) as there`,
    [name],
  );
  if (known?.there === true) {
    if ((await seededOrders(url)) === orders) {
      await migrateDatabase(url);
      if ((await isAsGood?.(url)) !== false) return url;
      tell(`${name} has changed too much; it is made anew.`);
    } else tell(`An earlier seeding of ${name} did not end; it begins anew.`);
    await ask(server, `drop database ${name} with (force)`);
  }
  await ask(server, `create database ${name}`);
  await seedOperations({ url, orders, tell });
  return url;
}

/** No automatic vacuum or checkpoint may fall into a measurement. */
async function configure(url: string, sharedBuffers: string): Promise<void> {
  await ask(url, `alter system set shared_buffers = '${sharedBuffers}'`);
  await ask(url, `alter system set max_wal_size = '8GB'`);
  await ask(url, `alter system set checkpoint_timeout = '30min'`);
  await ask(url, `alter system set autovacuum = off`);
}

async function buffersOf(url: string): Promise<string | undefined> {
  const [row] = await ask<{ value: string }>(
    url,
    `select pg_size_pretty(setting::bigint * 8192) as value from pg_settings where name = 'shared_buffers'`,
  );
  return row?.value.replace(' ', '');
}

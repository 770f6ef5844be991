import { mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import pg from 'pg';
import { seededOrders, seedOperations } from '../../scripts/seed-operations/seed-operations.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/start-embedded-postgres.js';

export interface BenchDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server with a quarter of the memory for its cache, as PostgreSQL's manual advises, seeded once and used again. */
export async function openBenchDatabase(
  orders: number,
  tell: (message: string) => void,
): Promise<BenchDatabase> {
  const parent = resolve('out/bench-operations');
  await mkdir(parent, { recursive: true });
  const start = () =>
    startEmbeddedPostgres({ dataDirectory: resolve(parent, 'postgres'), log: tell, durable: false });
  let server = await start();
  const sharedBuffers = `${Math.floor(totalmem() / 4 / 2 ** 20)}MB`;
  if ((await show(server.url, 'shared_buffers')) !== sharedBuffers) {
    await configure(server.url, sharedBuffers);
    await server.stop();
    server = await start();
  }
  const url = await seeded(server.url, orders, tell);
  return { url, stop: () => server.stop() };
}

async function seeded(server: string, orders: number, tell: (message: string) => void): Promise<string> {
  const name = `seeded_${orders}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const [known] = await asked<{ there: boolean }>(
    server,
    `select exists (select from pg_database where datname = '${name}') as there`,
  );
  if (known?.there === true) {
    if ((await seededOrders(url.href)) === orders) {
      await migrateDatabase(url.href);
      return url.href;
    }
    tell('An earlier seeding did not end; it begins anew.');
    await asked(server, `drop database ${name} with (force)`);
  }
  await asked(server, `create database ${name}`);
  await seedOperations({ url: url.href, orders, tell });
  return url.href;
}

/** No vacuum and no checkpoint of their own may fall into what is measured. */
async function configure(url: string, sharedBuffers: string): Promise<void> {
  await asked(url, `alter system set shared_buffers = '${sharedBuffers}'`);
  await asked(url, `alter system set max_wal_size = '8GB'`);
  await asked(url, `alter system set checkpoint_timeout = '30min'`);
  await asked(url, `alter system set autovacuum = off`);
}

async function show(url: string, setting: string): Promise<string | undefined> {
  const [row] = await asked<{ value: string }>(
    url,
    `select pg_size_pretty(setting::bigint * 8192) as value from pg_settings where name = '${setting}'`,
  );
  return row?.value.replace(' ', '');
}

async function asked<Row>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[]; // the caller names the columns in the same call
  } finally {
    await client.end();
  }
}

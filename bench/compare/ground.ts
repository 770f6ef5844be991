import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../embedded/postgres/start-embedded-postgres.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { testKeys } from '../../test/support/service/test-keys.js';
import { testTokens } from '../../test/support/service/test-tokens.js';
import { ask, databaseUrl } from './ask.js';
import { CLIENT_ID, CUSTOMERS } from './scenario.js';
import { ServerProcess } from './server-process.js';
import { StandIn } from './stand-in.js';

/** What all contenders stand on: one PostgreSQL with fsync, one stand-in for Alipay+, the same keys and tokens. */
export interface Ground {
  readonly standIn: StandIn;
  /** Bearer token of a wallet app. */
  readonly token: string;
  readonly logFolder: string;
  readonly databaseVersion: string;
  /** Settings that every contender reads. */
  environmentFor(database: string): Readonly<Record<string, string>>;
  query<Row>(database: string, text: string, values?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Databases by the names that the ground is asked for them by, and how the server they are on is stopped. */
export interface Databases {
  readonly urls: Readonly<Record<string, string>>;
  /** Whether personal data is sealed, by keys that are gone afterwards: not where a database is kept. */
  readonly isSealed?: boolean;
  stop(): Promise<void>;
}

const NAMES = ['floor', 'ours', 'naive'] as const;

/** A ground with a server of its own and empty databases, which are gone afterwards. */
export async function prepareGround(): Promise<Ground> {
  const folder = await reachableFolder();
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    log: () => undefined,
    disposable: true,
  });
  const urls = await emptyDatabases(postgres.url);
  return groundOn({ urls, isSealed: true, stop: () => postgres.stop() }, folder);
}

/** A ground on databases that are there; they are left with what was written to them. */
export async function groundOn(
  { urls, isSealed = false, stop }: Databases,
  folder?: string,
): Promise<Ground> {
  const keys = testKeys();
  const tokens = testTokens(keys.directory);
  const logFolder = folder ?? (await reachableFolder());
  const standIn = new StandIn(
    await ServerProcess.start(
      {
        name: 'stand-in',
        file: '../stand-in/main.js',
        environment: {
          STAND_IN_CLIENT_ID: CLIENT_ID,
          STAND_IN_PRIVATE_KEY: keys.alipayPlusPrivate,
          STAND_IN_MPP_PUBLIC_KEY: keys.mppPublic,
        },
      },
      logFolder,
    ),
  );
  const urlOf = (database: string): string => {
    const url = urls[database];
    if (url === undefined) throw new Error(`the ground has no database ${database}`);
    return url;
  };
  const [version] = await ask<{ version: string }>(
    Object.values(urls)[0] ?? '',
    `select current_setting('server_version') as version`,
  );
  return {
    standIn,
    token: tokens.walletApp,
    logFolder,
    databaseVersion: version?.version ?? '',
    query: (database, text, values) => ask(urlOf(database), text, values),
    environmentFor: (database) => ({
      NODE_ENV: 'production',
      ALLOW_EMBEDDED: 'true',
      PORT: '0',
      DATABASE_URL: urlOf(database),
      DATABASE_POOL_SIZE: '20',
      API_KEYS_FILE: tokens.apiKeysFile,
      ...(isSealed && { DATA_KEYS_FILE: keys.dataKeysFile }),
      ALIPAYPLUS_BASE_URL: standIn.url,
      ALIPAYPLUS_CLIENT_ID: CLIENT_ID,
      ALIPAYPLUS_PRIVATE_KEY_FILE: keys.mppPrivateFile,
      ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${keys.alipayPlusPublicFile}`,
    }),
    stop: async () => {
      await standIn.stop();
      await stop();
      await rm(logFolder, { recursive: true, force: true });
    },
  };
}

/** The account that runs PostgreSQL in root's stead has to get through. */
async function reachableFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Floor and service have the same schema, from the same migrations; the naive peer makes its own. */
async function emptyDatabases(server: string): Promise<Record<string, string>> {
  const urls = Object.fromEntries(NAMES.map((name) => [name, databaseUrl(server, name)]));
  for (const name of NAMES) await ask(server, `create database ${name}`);
  for (const name of ['floor', 'ours']) {
    const url = databaseUrl(server, name);
    await migrateDatabase(url);
    await openCustomers(url, CUSTOMERS);
  }
  return urls;
}

/** Gives customers of the embedded ledger plenty of money in any currency, where they are not known yet. */
export async function openCustomers(url: string, customerIds: readonly string[]): Promise<void> {
  await ask(
    url,
    `insert into ledger_customer (customer_id, blocked, opening_balance)
     select id, false, 1000000000000 from unnest($1::text[]) id on conflict do nothing`,
    [customerIds],
  );
}

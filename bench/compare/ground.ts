import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/start-embedded-postgres.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { testKeys } from '../../test/support/service/test-keys.js';
import { testTokens } from '../../test/support/service/test-tokens.js';
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

export const DATABASES = ['floor', 'ours', 'naive'] as const;

export async function prepareGround(): Promise<Ground> {
  const keys = testKeys();
  const tokens = testTokens(keys.directory);
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  // The account that runs PostgreSQL in root's stead has to get through.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    log: () => undefined,
    disposable: true,
  });
  await makeDatabases(postgres.url);
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
      folder,
    ),
  );
  const query = async <Row>(database: string, text: string, values: readonly unknown[] = []) =>
    ask<Row>(urlOf(postgres.url, database), text, values);
  const [version] = await query<{ version: string }>(
    'ours',
    `select current_setting('server_version') as version`,
  );
  return {
    standIn,
    token: tokens.walletApp,
    logFolder: folder,
    databaseVersion: version?.version ?? '',
    query,
    environmentFor: (database) => ({
      NODE_ENV: 'production',
      ALLOW_EMBEDDED: 'true',
      PORT: '0',
      DATABASE_URL: urlOf(postgres.url, database),
      DATABASE_POOL_SIZE: '20',
      API_KEYS_FILE: tokens.apiKeysFile,
      ALIPAYPLUS_BASE_URL: standIn.url,
      ALIPAYPLUS_CLIENT_ID: CLIENT_ID,
      ALIPAYPLUS_PRIVATE_KEY_FILE: keys.mppPrivateFile,
      ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${keys.alipayPlusPublicFile}`,
    }),
    stop: async () => {
      await standIn.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Floor and service have the same schema, from the same migrations; the naive peer makes its own. */
async function makeDatabases(url: string): Promise<void> {
  for (const database of DATABASES) await ask(url, `create database ${database}`);
  for (const database of ['floor', 'ours']) {
    await migrateDatabase(urlOf(url, database));
    await ask(
      urlOf(url, database),
      `insert into ledger_customer (customer_id, blocked, opening_balance)
       select id, false, 1000000000000 from unnest($1::text[]) id`,
      [CUSTOMERS],
    );
  }
}

async function ask<Row>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(text, [...values]);
    return rows as Row[]; // the caller names the columns in the same line as the row type
  } finally {
    await client.end();
  }
}

function urlOf(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

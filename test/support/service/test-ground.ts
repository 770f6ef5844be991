import { randomUUID } from 'node:crypto';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { startTwin, type RunningTwin } from '../../../twin/start-twin.js';
import { createTestDatabase, type TestDatabase } from '../database/test-database.js';
import { testKeys } from './test-keys.js';
import { testTokens, type TestTokens } from './test-tokens.js';
import { TwinBooks } from './twin-books.js';

/** The surroundings of a service: a database and a twin of its own, keys, tokens, and the settings that name them. */
export interface TestGround {
  readonly database: TestDatabase;
  readonly twin: RunningTwin;
  readonly books: TwinBooks;
  readonly tokens: TestTokens;
  /** The settings for a service, in this process or in one of its own. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface TestGroundOptions {
  /** Settings that differ from the tests' defaults. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Uses this database and does not drop it at the end. */
  readonly database?: TestDatabase;
  /** Lets the twin call the service: inquiries and cancels. The service then has a port of its own from the start. */
  readonly callsBack?: boolean;
  /** `host:port` of other receivers of notifications besides the twin. */
  readonly otherNotifyHosts?: readonly string[];
  /** Our public keys that the twin knows, by version; absent: that of the tests' own pair, for any version. */
  readonly mppPublicKeys?: Readonly<Record<string, string>>;
}

/** Fast enough for tests, otherwise as in production: retries in tens of ms instead of seconds. */
const QUICK = {
  DECODE_RETRY_BASE_MS: '40',
  DECODE_RETRY_MAX_MS: '200',
  NOTIFY_SCHEDULE_MS: '50,100,200',
  NOTIFY_BREAKER_OPEN_MS: '100',
  SWEEP_INTERVAL_MS: '200',
  SWEEP_GRACE_MS: '200',
  LOG_LEVEL: 'info',
  DATABASE_POOL_SIZE: '5',
};

export async function prepareTestGround(options: TestGroundOptions = {}): Promise<TestGround> {
  const keys = testKeys();
  const database = options.database ?? (await createTestDatabase());
  const port = options.callsBack === true ? await freePort('127.0.0.1', 0) : 0;
  const twin = await startTwin({
    mppBaseUrl: port === 0 ? null : `http://127.0.0.1:${port}`,
    privateKey: keys.alipayPlusPrivate,
    mppPublicKey: options.mppPublicKeys ?? keys.mppPublic,
    clientId: 'TEST_5X00000000000000',
  });
  const tokens = testTokens(keys.directory);
  const environment = {
    ...QUICK,
    PORT: String(port),
    DATABASE_URL: database.url,
    DATA_KEYS_FILE: keys.dataKeysFile,
    API_KEYS_FILE: tokens.apiKeysFile,
    QUEUE_PREFIX: options.environment?.REDIS_URL === undefined ? 'bullmq' : `t${randomUUID().slice(0, 8)}`,
    ALIPAYPLUS_BASE_URL: twin.url,
    ALIPAYPLUS_CLIENT_ID: 'TEST_5X00000000000000',
    ALIPAYPLUS_PRIVATE_KEY_FILE: keys.mppPrivateFile,
    ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${keys.alipayPlusPublicFile}`,
    ALIPAYPLUS_NOTIFY_HOSTS: [new URL(twin.url).host, ...(options.otherNotifyHosts ?? [])].join(','),
    ...options.environment,
  };
  return {
    database,
    twin,
    tokens,
    environment,
    books: new TwinBooks(twin.url),
    stop: async () => {
      await twin.close();
      if (!options.database) await database.drop();
    },
  };
}

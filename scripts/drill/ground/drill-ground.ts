import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { throwawayKeys, type ThrowawayKeys } from '../../../embedded/throwaway-keys.js';
import { throwawayTokens, type ThrowawayTokens } from '../../../embedded/throwaway-tokens.js';
import { startEmbeddedPostgres } from '../../../embedded/postgres/start-embedded-postgres.js';
import { migrateDatabase } from '../../../src/platform/database/migrate.js';
import { ofProject } from '../../mpp/root.js';
import { KeptProgram } from '../programs/kept-program.js';
import { startPrivateRedis, type PrivateRedis } from '../programs/private-redis.js';
import { DrillDatabase } from './drill-database.js';
import { CLIENT_ID, DRILL_SETTINGS, TWIN_SETTINGS } from './drill-settings.js';
import { DrillLedger } from './drill-ledger.js';
import { DrillPostgres } from './drill-postgres.js';
import { DrillTwin } from './drill-twin.js';
import { KeyRing, type KeyVersion } from './key-ring.js';
import type { FollowedEntry } from '../runbook/entry-steps.js';
import type { LogFolder } from './log-folder.js';
import type { Undo } from './undo.js';

export type Backend = 'postgres' | 'redis';

/** All programs and places of one drill, which nothing else uses. */
export interface DrillGround {
  readonly backend: Backend;
  readonly database: DrillDatabase;
  /** The server of the records, with its gates. */
  readonly postgres: DrillPostgres;
  readonly redis: PrivateRedis | undefined;
  readonly twin: DrillTwin;
  readonly ledger: DrillLedger;
  readonly apis: readonly KeptProgram[];
  readonly workers: readonly KeptProgram[];
  readonly apiUrls: readonly string[];
  readonly tokens: ThrowawayTokens;
  readonly keys: KeyRing;
  /** Programs that ended although nobody had asked them to. */
  readonly endedByThemselves: readonly string[];
  /** For files of the drill; it is deleted at the end. */
  readonly directory: string;
  /** The environment of every process of the service. */
  readonly environment: Readonly<Record<string, string>>;
  /** The runbook entries followed, with their outcome. */
  readonly followed: FollowedEntry[];
}

export interface GroundOptions {
  readonly backend: Backend;
  readonly folder: LogFolder;
  /** The records are on a primary with a standby. */
  readonly isPaired: boolean;
  /** How long an unknown code is decoded again, in ms. */
  readonly decodeWindowMs: number;
}

const HOST = '127.0.0.1';

/** @throws when the backend is Redis and `redis-server` is not installed */
export async function prepareGround(
  { backend, folder, isPaired, decodeWindowMs }: GroundOptions,
  undo: Undo,
): Promise<DrillGround> {
  const { directory } = folder;
  const endedByThemselves: string[] = [];
  const onEndedByItself = (what: string): void => void endedByThemselves.push(what);
  const databaseUrl = await startDatabase(folder, undo);
  const postgres = await DrillPostgres.start({ serverUrl: databaseUrl, isPaired, folder }, undo);
  const redis = backend === 'redis' ? await startRedis(undo) : undefined;
  const pairs = {
    1: await throwawayKeys(join(directory, 'keys')),
    2: await throwawayKeys(join(directory, 'next-keys')),
  };
  const keys = await KeyRing.make(join(directory, 'keys.json'), pairs);
  const tokens = await throwawayTokens(directory);
  const ports = await freePorts(6);
  const ledger = await DrillLedger.prepare({
    serverUrl: databaseUrl,
    port: ports[5] ?? 0,
    folder,
    onEndedByItself,
  });
  undo.add(() => ledger.database.close());
  const [twinUrl = '', ...apiUrls] = ports.slice(0, 3).map((port) => `http://${HOST}:${port}`);
  const twin = new DrillTwin({
    url: twinUrl,
    environment: twinEnvironment(directory, pairs, { url: twinUrl, mppBaseUrl: apiUrls[0] ?? '' }),
    onText: folder.log('twin'),
    onEndedByItself,
  });
  const shared = {
    ...DRILL_SETTINGS,
    DECODE_WINDOW_MS: String(decodeWindowMs),
    ...ledger.environment,
    DATABASE_URL: postgres.url,
    ...(redis && { REDIS_URL: redis.url }),
    API_KEYS_FILE: tokens.apiKeysFile,
    ALIPAYPLUS_BASE_URL: twinUrl,
    ALIPAYPLUS_CLIENT_ID: CLIENT_ID,
    ALIPAYPLUS_KEYS_FILE: keys.list,
    ALIPAYPLUS_NOTIFY_HOSTS: new URL(twinUrl).host,
  };
  const member = (role: 'api' | 'worker', number: number, port = 0): KeptProgram =>
    new KeptProgram({
      name: `${role}-${number}`,
      start: {
        file: ofProject('dist/src/main.js'),
        readyEvent: 'service.ready',
        onText: folder.log(`${role}-${number}`),
      },
      environment: { ...shared, ROLE: role, PORT: String(port) },
      onEndedByItself,
    });
  const database = new DrillDatabase(postgres.eyesUrl);
  undo.add(() => database.close());
  const apis = [member('api', 1, ports[1]), member('api', 2, ports[2])];
  const workers = [member('worker', 1, ports[3]), member('worker', 2, ports[4])];
  const programs = [twin.program, ledger.program, ...apis, ...workers];
  undo.add(() => Promise.all(programs.map((program) => program.end('SIGKILL'))));
  await Promise.all([twin.program.start(), ledger.program.start()]);
  await Promise.all([...apis, ...workers].map((program) => program.start()));
  return {
    backend,
    database,
    postgres,
    redis,
    twin,
    ledger,
    apis,
    workers,
    apiUrls,
    tokens,
    keys,
    endedByThemselves,
    directory,
    environment: shared,
    followed: [],
  };
}

/** With fsync, as in production: a drill is about the losses that a crash may cause. */
async function startDatabase(folder: LogFolder, undo: Undo): Promise<string> {
  const server = await startEmbeddedPostgres({
    dataDirectory: join(folder.directory, 'postgres'),
    log: folder.log('postgres-keeper'),
    disposable: true,
  });
  undo.add(() => server.stop());
  await migrateDatabase(server.url);
  return server.url;
}

async function startRedis(undo: Undo): Promise<PrivateRedis> {
  const redis = await startPrivateRedis();
  if (redis === undefined) throw new Error('redis-server is not installed');
  undo.add(() => redis.stop());
  return redis;
}

function twinEnvironment(
  directory: string,
  pairs: Readonly<Record<KeyVersion, ThrowawayKeys>>,
  { url, mppBaseUrl }: { url: string; mppBaseUrl: string },
): Record<string, string> {
  return {
    ...TWIN_SETTINGS,
    TWIN_PORT: new URL(url).port,
    TWIN_DATA_DIR: join(directory, 'twin'),
    TWIN_PRIVATE_KEY_FILE: `1=${pairs[1].alipayPlusPrivate},2=${pairs[2].alipayPlusPrivate}`,
    TWIN_MPP_PUBLIC_KEY_FILE: `1=${pairs[1].mppPublic},2=${pairs[2].mppPublic}`,
    TWIN_CLIENT_ID: CLIENT_ID,
    TWIN_MPP_BASE_URL: mppBaseUrl,
  };
}

/** Below the system's range for outgoing connections: a port must still be free when its program comes back. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const wanted = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if ((await freePort(HOST, wanted)) === wanted) ports.add(wanted);
  }
  return [...ports];
}

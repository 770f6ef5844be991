import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { failureSentence } from '../../command-line/failure-sentence.js';
import { AlipayPlusSettings } from '../../src/alipay-plus/alipay-plus.settings.js';
import { readKeySet } from '../../src/alipay-plus/signature/key-set.js';
import { readApiKeyFile } from '../../src/platform/auth/api-key-file.js';
import { AuthSettings } from '../../src/platform/auth/auth.settings.js';
import {
  SettingsError,
  type Environment,
  type LoadedSettings,
  type SettingFault,
} from '../../src/platform/config/load-settings.js';
import { DatabaseSettings } from '../../src/platform/database/database.settings.js';
import { pendingMigrations } from '../../src/platform/database/migrate.js';
import { openNamedDatabase } from '../../src/platform/database/open-named-database.js';
import { QueueSettings } from '../../src/platform/queues/queue.settings.js';
import { risksOf } from '../../src/production-rules.js';
import { connector, toName, tunnelling } from '../../src/platform/outbound/connectors.js';
import { misspeltNames, readSettings } from '../../src/settings.js';
import { readLedgerTls, type LedgerTls } from '../../src/wallet-ledger/http/ledger-tls.js';
import { WalletLedgerSettings } from '../../src/wallet-ledger/wallet-ledger.settings.js';

export interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly told: string;
}

/** Above this some partners refuse calls, and records are hard to compare. */
const CLOCK_WARNING_MS = 2_000;
const REACH_MS = 5_000;

type Look = (settings: LoadedSettings, environment: Environment) => Promise<Finding[]>;

/** Checks everything that a service with these settings needs; changes nothing, and prints no secret. */
export async function checkSetup(environment: Environment): Promise<Finding[]> {
  let settings: LoadedSettings;
  try {
    settings = readSettings(environment);
  } catch (error) {
    return faultsOf('settings', error);
  }
  const looks: readonly (readonly [string, Look])[] = [
    ['settings', settingsLook],
    ['keys', keysLook],
    ['callers', callersLook],
    ['database', databaseLook],
    ['queues', queuesLook],
    ['alipay-plus', alipayPlusLook],
    ['ledger', ledgerLook],
  ];
  const findings: Finding[] = [];
  for (const [part, look] of looks)
    findings.push(...(await look(settings, environment).catch((error: unknown) => faultsOf(part, error))));
  return findings;
}

function faultsOf(part: string, error: unknown): Finding[] {
  if (error instanceof SettingsError)
    return error.faults.map(({ name, rule }) => ({ part, state: 'fault', told: `${name} ${rule}` }));
  return [{ part, state: 'fault', told: failureSentence(error) }];
}

const ok = (part: string, told: string): Finding => ({ part, state: 'ok', told });
const warning = (part: string, told: string): Finding => ({ part, state: 'warning', told });

const settingsLook: Look = async (settings, environment) => {
  const misspelt = misspeltNames(environment).map(({ name, nearest }) =>
    warning('settings', `${name} is no setting; did you mean ${nearest}?`),
  );
  const risks = risksOf(settings).map(({ setting, risk }) => warning('settings', `${setting} ${risk}`));
  return [ok('settings', 'can be read'), ...misspelt, ...risks];
};

/**
 * Our key pairs sign and verify, or reading them is a fault; only a call can show whether Alipay+ has the public half.
 */
const keysLook: Look = async (settings) => {
  const alipayPlus = settings.get(AlipayPlusSettings);
  if (alipayPlus.privateKeyFile === undefined && alipayPlus.keysFile === undefined)
    return [ok('keys', 'none is named: throwaway keys of the trial')];
  const { signing, ownVersions, alipayPlus: theirs } = readKeySet(alipayPlus);
  const others = ownVersions.filter((version) => version !== signing.version);
  return [
    ok('keys', `ours signs and verifies as version ${signing.version}`),
    ...(others.length > 0 ? [ok('keys', `ours beside it: version ${others.join(', ')}`)] : []),
    ok('keys', `of Alipay+: version ${[...theirs.keys()].join(', ')}`),
  ];
};

const callersLook: Look = async (settings) => {
  const { apiKeysFile, jwksUrl, proxyUrl, caFile } = settings.get(AuthSettings);
  const keys = apiKeysFile === undefined ? [] : readApiKeyFile(apiKeysFile);
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  const ended = keys.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt.getTime() < Date.now());
  return [
    ok('callers', `${keys.length} keys in API_KEYS_FILE`),
    ...ended.map(({ principal }) => warning('callers', `the key ${principal.name} has ended`)),
    ...(jwksUrl === undefined
      ? []
      : [await reached('callers', jwksUrl, { proxyUrl, tls: { ...(ca !== undefined && { ca }) } })]),
  ];
};

const databaseLook: Look = async (settings, environment) => {
  const { url } = settings.get(DatabaseSettings);
  if (url === undefined) return [ok('database', 'none is named: the embedded PostgreSQL of the trial')];
  const database = await openNamedDatabase(environment);
  try {
    const asked = Date.now();
    const [row] = await database.run<{ now: Date; version: string }>(
      {
        name: 'doctor',
        text: `select clock_timestamp() as now, current_setting('server_version') as version`,
      },
      [],
    );
    const between = (asked + Date.now()) / 2;
    const skewMs = Math.round(Math.abs((row?.now.getTime() ?? between) - between));
    const { schema, redisUrl } = settings.get(QueueSettings);
    const { migrations } = await pendingMigrations(url, schema, redisUrl === undefined);
    return [
      ok('database', `PostgreSQL ${row?.version ?? ''} answers`),
      migrations.length === 0
        ? ok('database', 'the schema is up to date')
        : warning(
            'database',
            `${migrations.length} migrations are pending; a start or npm run migrate applies them`,
          ),
      skewMs > CLOCK_WARNING_MS
        ? warning('clocks', `this machine and the database differ by ${skewMs} ms`)
        : ok('clocks', `this machine and the database differ by ${skewMs} ms`),
    ];
  } finally {
    await database.pool.end();
  }
};

const queuesLook: Look = async (settings) => {
  const { redisUrl } = settings.get(QueueSettings);
  if (redisUrl === undefined) return [ok('queues', 'in PostgreSQL')];
  const { Redis } = await import('ioredis');
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
    const isKept = /^aof_enabled:1/m.test(await redis.info('persistence'));
    return [
      policy === 'noeviction'
        ? ok('queues', 'Redis answers and evicts nothing')
        : warning(
            'queues',
            `Redis may evict jobs: maxmemory-policy is ${policy ?? 'not told'}, set noeviction`,
          ),
      ...(isKept ? [] : [warning('queues', 'Redis keeps no append-only file; a restart forgets the jobs')]),
    ];
  } finally {
    redis.disconnect();
  }
};

const alipayPlusLook: Look = async (settings) => {
  const { baseUrl, proxyUrl } = settings.get(AlipayPlusSettings);
  return baseUrl === undefined
    ? [ok('alipay-plus', 'none is named: the local twin')]
    : [await reached('alipay-plus', baseUrl, { proxyUrl })];
};

const ledgerLook: Look = async (settings) => {
  const named = settings.get(WalletLedgerSettings);
  const { adapter, url, proxyUrl } = named;
  if (adapter === 'embedded' || url === undefined) return [ok('ledger', 'the embedded one, for trials')];
  const faults: SettingFault[] = [];
  const tls = await readLedgerTls(named, faults);
  if (faults.length > 0) throw new SettingsError(faults);
  return [await reached('ledger', url, { proxyUrl, tls })];
};

/** The proxy and the certificates with which the service connects. */
interface Way {
  readonly proxyUrl: string | undefined;
  readonly tls?: LedgerTls | undefined;
}

/** Any answer counts: only the connection is checked, that is, name, network and TLS. */
async function reached(part: string, url: string, { proxyUrl, tls = {} }: Way): Promise<Finding> {
  const { host } = new URL(url);
  const connect = proxyUrl === undefined ? connector(tls) : tunnelling(new URL(proxyUrl), toName, { ...tls });
  const dispatcher = new Agent({ connect });
  const signal = AbortSignal.timeout(REACH_MS);
  const by = proxyUrl === undefined ? '' : ` by ${new URL(proxyUrl).host}`;
  try {
    const { statusCode } = await request(url, { method: 'HEAD', dispatcher, signal });
    return ok(part, `${host} answers${by} (${statusCode})`);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { part, state: 'fault', told: `${host} does not answer${by}: ${failureSentence(cause)}` };
  } finally {
    await dispatcher.destroy();
  }
}

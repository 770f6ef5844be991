import { readFileSync } from 'node:fs';
import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import type { Destination } from '../config/destination-fault.js';
import { fileFault, unreadableFile } from '../config/file-fault.js';
import { SettingsError, type SettingFault } from '../config/load-settings.js';
import type { QueueSettings } from './queue.settings.js';

/** Which Redis, and how it is found. */
export type RedisTarget =
  /** One server, or a name or address that leads to whichever is the primary. */
  | { readonly mode: 'single'; readonly url: string; readonly options: RedisOptions }
  /** The primary of a group, by what its sentinels say. */
  | { readonly mode: 'sentinel'; readonly sentinels: readonly Destination[]; readonly options: RedisOptions }
  | { readonly mode: 'cluster'; readonly nodes: readonly Destination[]; readonly options: RedisOptions };

type TargetSettings = Pick<
  QueueSettings,
  'isCluster' | 'sentinels' | 'sentinelUsername' | 'sentinelPasswordFile' | 'caFile'
>;

/** @throws SettingsError when a file that a setting names cannot be read */
export function redisTarget(redisUrl: string, settings: TargetSettings): RedisTarget {
  const { ca, sentinelPassword } = readFiles(settings);
  const { scheme, user, hosts, rest } = partsOf(redisUrl);
  const tls = scheme === 'rediss' ? { tls: ca === undefined ? {} : { ca } } : {};
  if (!settings.isCluster && settings.sentinels === undefined)
    return { mode: 'single', url: redisUrl, options: tls };
  const url = new URL(`redis://${user}localhost${rest}`);
  const options = { ...access(url), ...tls };
  if (settings.isCluster) return { mode: 'cluster', nodes: hosts.split(',').map(placeAt(6_379)), options };
  const { sentinels = [], sentinelUsername } = settings;
  return {
    mode: 'sentinel',
    sentinels: sentinels.map(placeAt(26_379)),
    options: {
      ...options,
      db: Number(url.pathname.slice(1)),
      name: hosts.replace(/:\d+$/, ''),
      ...onlyGiven({ sentinelUsername, sentinelPassword }),
      ...('tls' in tls && { sentinelTLS: tls.tls, enableTLSForSentinelMode: true }),
    },
  };
}

function readFiles({ caFile, sentinelPasswordFile }: TargetSettings) {
  const faults: SettingFault[] = [];
  const ca = read('REDIS_CA_FILE', caFile, faults);
  if (caFile !== undefined && ca?.includes('-----BEGIN CERTIFICATE-----') === false)
    faults.push({ name: 'REDIS_CA_FILE', rule: fileFault(caFile, 'holds no certificate in PEM') });
  const sentinelPassword = read('REDIS_SENTINEL_PASSWORD_FILE', sentinelPasswordFile, faults)?.trim();
  if (faults.length > 0) throw new SettingsError(faults);
  return { ca, sentinelPassword };
}

/** An option that is there and undefined would take the place of its default. */
export function onlyGiven(options: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) if (value !== undefined) given[name] = value;
  return given;
}

const PARTS = /^(\w+):\/\/([^/?@]*@)?([^/?]*)(.*)$/;

/** No URL has more than one host. */
function partsOf(redisUrl: string) {
  const [, scheme = '', user = '', hosts = '', rest = ''] = PARTS.exec(redisUrl) ?? [];
  return { scheme, user, hosts, rest };
}

function access({ username, password, searchParams }: URL): RedisOptions {
  const decoded = (text: string) => (text === '' ? undefined : decodeURIComponent(text));
  const family = searchParams.get('family');
  return {
    ...onlyGiven({ username: decoded(username), password: decoded(password) }),
    ...(family !== null && { family: Number(family) }),
  };
}

function placeAt(defaultPort: number): (text: string) => Destination {
  return (text) => {
    const { hostname, port } = new URL(`redis://${text}`);
    return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? defaultPort : Number(port) };
  };
}

function read(name: string, path: string | undefined, faults: SettingFault[]): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    faults.push({ name, rule: unreadableFile(error, path) });
    return undefined;
  }
}

export type RedisConnection = Redis | Cluster;

/**
 * The error of a server that is no longer the primary: its connection stays open and would get this error for ever. A
 * new connection finds the present primary.
 */
const IS_PRIMARY_NO_MORE = /READONLY|UNBLOCKED|MASTERDOWN/;

/** A connection that follows the primary. */
export function connectTo(target: RedisTarget, own: RedisOptions): RedisConnection {
  const options: RedisOptions = {
    ...target.options,
    reconnectOnError: (error) => IS_PRIMARY_NO_MORE.test(error.message),
    ...own,
  };
  if (target.mode === 'single') return new Redis(target.url, options);
  if (target.mode === 'sentinel') {
    const sentinels = target.sentinels.map(({ host, port }) => ({ host, port }));
    return new Redis({ ...options, sentinels, sentinelRetryStrategy });
  }
  const { lazyConnect = false, enableOfflineQueue = true, ...redisOptions } = options;
  const cluster: ClusterOptions = {
    lazyConnect,
    enableOfflineQueue,
    redisOptions,
    slotsRefreshTimeout: 2_000,
  };
  // Else the certificate would have to be for the number that the name was looked up to.
  if (options.tls) cluster.dnsLookup = (host, done) => done(null, host);
  return new Cluster([...target.nodes], cluster);
}

const sentinelRetryStrategy = (attempt: number): number => Math.min(attempt * 100, 1_000);

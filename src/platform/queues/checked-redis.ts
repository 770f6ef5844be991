import { Redis, type RedisOptions } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodeOf } from '../error-code.js';
import { destinationFault, placeOf, type Destination } from '../config/destination-fault.js';
import { onlyGiven, type RedisTarget } from './redis-target.js';

/** A Redis that is not there yet must not hold a start for long: the service works without it. */
const LOOK_MS = 3_000;

export type RedisLook = {
  /** Which setting to blame, when it is not REDIS_URL. */ readonly setting?: string;
} & (
  | { readonly outcome: 'fit' }
  /** It may heal by itself: the service starts, and uses it once it is back. */
  | { readonly outcome: 'away'; readonly reason: string }
  /** It will not heal: the address names something else, or somebody who may not come in. */
  | { readonly outcome: 'unfit'; readonly rule: string }
);

/**
 * A first check of the Redis of the settings: whether it lets us in, speaks as a Redis does, and is found the way the
 * settings say. Reasons and rules follow the name of a setting, and hold nothing of an address but host and port.
 */
export function lookAtTarget(target: RedisTarget): Promise<RedisLook> {
  if (target.mode === 'single') return lookAtRedis(target.url, target.options);
  if (target.mode === 'cluster') return lookAtCluster(target.nodes, target.options);
  return lookThroughSentinels(target.sentinels, target.options);
}

/** Checks the one server of an address. */
export function lookAtRedis(url: string, options: RedisOptions = {}): Promise<RedisLook> {
  return look(new Redis(url, { ...ONCE, ...options }), async (redis) =>
    misfitOf(await modeOf(redis), 'standalone'),
  );
}

/** Any node knows the others. */
async function lookAtCluster(nodes: readonly Destination[], options: RedisOptions): Promise<RedisLook> {
  const looks = nodes.map((node) =>
    look(new Redis({ ...ONCE, ...options, ...node }), async (redis) =>
      misfitOf(await modeOf(redis), 'cluster'),
    ),
  );
  return best(await Promise.all(looks));
}

async function lookThroughSentinels(
  sentinels: readonly Destination[],
  { name = '', sentinelUsername, sentinelPassword, sentinelTLS, ...options }: RedisOptions,
): Promise<RedisLook> {
  const primaries: Destination[] = [];
  const access = onlyGiven({ username: sentinelUsername, password: sentinelPassword });
  const secured = sentinelTLS ? { tls: sentinelTLS } : {};
  const looks = sentinels.map((sentinel) =>
    look(new Redis({ ...ONCE, ...access, ...secured, ...sentinel }), async (redis) => {
      const found: unknown = await redis.call('SENTINEL', 'get-master-addr-by-name', name);
      if (!Array.isArray(found)) return `names the group ${name}, which ${placeOf(sentinel)} does not know`;
      primaries.push({ host: String(found[0]), port: Number(found[1]) });
      return undefined;
    }),
  );
  const asked = best(await Promise.all(looks));
  const [primary] = primaries;
  if (!primary) return { setting: 'REDIS_SENTINELS', ...asked };
  return look(new Redis({ ...ONCE, ...primaryOptions(options), ...primary }), async () => undefined);
}

/** Those for the server itself, without what is for its sentinels. */
function primaryOptions({ tls, username, password, db = 0 }: RedisOptions): RedisOptions {
  return {
    db,
    ...(tls && { tls }),
    ...onlyGiven({ username: username ?? undefined, password: password ?? undefined }),
  };
}

/** The best result of several servers: a fit one is enough, and one that is away may come back. */
function best(looks: readonly RedisLook[]): RedisLook {
  const order = ['fit', 'unfit', 'away'];
  const [first] = looks.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome));
  return first ?? { outcome: 'fit' };
}

const ONCE: RedisOptions = { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null };

/** @param misfit what is wrong with a server that lets us in, in words that follow the name of the setting */
async function look(redis: Redis, misfit: (redis: Redis) => Promise<string | undefined>): Promise<RedisLook> {
  const faults: unknown[] = [];
  redis.on('error', (error) => faults.push(error));
  const { host = 'localhost', port = 6379 } = redis.options;
  try {
    const asked = redis
      .connect()
      .then(() => redis.ping())
      .then(() => misfit(redis));
    const answer = await Promise.race([
      asked.then((rule) => ({ rule })),
      sleep(LOOK_MS, undefined, { ref: false }),
    ]);
    if (answer?.rule !== undefined) return unfit(answer.rule);
    // A database number that does not exist is an error beside the connection, which then is one to database 0.
    if (answer) return faults.length === 0 ? { outcome: 'fit' } : judged(faults, { host, port });
    faults.push(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
  } catch (error) {
    faults.push(error);
  } finally {
    redis.disconnect();
  }
  return spokenTo(redis, judged(faults, { host, port }));
}

/** A Redis without TLS waits for more of what it takes for a command, and then hangs up. */
function spokenTo({ options: { tls } }: Redis, found: RedisLook): RedisLook {
  if (tls === undefined || found.outcome !== 'away' || !/does not answer|hung up/.test(found.reason))
    return found;
  return away(`${found.reason.replace('; is it a Redis?', '')}; it is asked for TLS: does it speak that?`);
}

type Mode = 'standalone' | 'cluster' | 'sentinel';

const MISFIT: Readonly<Record<Mode, string>> = {
  standalone: 'names a server that is in no cluster; leave REDIS_CLUSTER out',
  cluster: 'names a node of a cluster; set REDIS_CLUSTER=true',
  sentinel: 'names a sentinel; list it in REDIS_SENTINELS, and name its group here',
};

/** A server that does not say what it is counts as fit. */
function misfitOf(mode: string | undefined, wanted: Mode): string | undefined {
  const isKnown = mode === 'standalone' || mode === 'cluster' || mode === 'sentinel';
  return isKnown && mode !== wanted ? MISFIT[mode] : undefined;
}

async function modeOf(redis: Redis): Promise<string | undefined> {
  const said = await redis.info('server').catch(() => '');
  return /^(?:redis|server)_mode:(\S+)/m.exec(said)?.[1];
}

/** The errors of Redis for a user without access, or without enough rights. */
const REFUSED = /\b(WRONGPASS|NOAUTH|NOPERM)\b|invalid password|DB index|SELECT is not allowed/;
const OTHER_PROTOCOL = /^Protocol error/;
/** The errors of a Redis that can be used later. */
const NOT_NOW = /\b(LOADING|BUSY|MASTERDOWN)\b|max number of clients/;
/** A network that may be there again in a moment; what is said of TLS and sockets stays as it is. */
const PASSING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** By the first error that says something: what follows from it says only that the connection is closed. */
export function judged(faults: readonly unknown[], to: Destination): RedisLook {
  for (const fault of faults) {
    const message = fault instanceof Error ? fault.message : String(fault);
    if (NOT_NOW.test(message)) return away(`names ${placeOf(to)}, which says ${message}`);
    if (REFUSED.test(message)) return unfit(`is refused by ${placeOf(to)}: ${message}`);
    if (OTHER_PROTOCOL.test(message))
      return unfit(`names ${placeOf(to)}, which does not speak as a Redis does`);
    const rule = destinationFault(fault, to, 'REDIS_CA_FILE');
    if (rule !== undefined) return PASSING.has(codeOf(fault)) ? away(rule) : unfit(rule);
  }
  return away(`names ${placeOf(to)}, which hung up; is it a Redis?`);
}

const away = (reason: string): RedisLook => ({ outcome: 'away', reason });
const unfit = (rule: string): RedisLook => ({ outcome: 'unfit', rule });

function codeOf(fault: unknown): string {
  const [first] = fault instanceof AggregateError ? fault.errors : [fault];
  return errorCodeOf(fault) ?? errorCodeOf(first) ?? '';
}

import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodeOf } from '../error-code.js';
import { destinationFault, placeOf, type Destination } from '../config/destination-fault.js';

/** A Redis that is not there yet must not hold a start for long: the service works without it. */
const LOOK_MS = 3_000;

export type RedisLook =
  | { readonly outcome: 'fit' }
  /** It may heal by itself: the service starts, and uses it once it is back. */
  | { readonly outcome: 'away'; readonly reason: string }
  /** It will not heal: the address names something else, or somebody who may not come in. */
  | { readonly outcome: 'unfit'; readonly rule: string };

/**
 * A first look at the Redis of an address: whether it lets us in, and speaks as a Redis does. Reasons and rules follow
 * the name of the setting that gave the address, and hold nothing of it but host and port.
 */
export async function lookAtRedis(url: string): Promise<RedisLook> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  const faults: unknown[] = [];
  redis.on('error', (error) => faults.push(error));
  const { host = 'localhost', port = 6379 } = redis.options;
  try {
    const asked = redis.connect().then(() => redis.ping());
    const isAnswered = await Promise.race([asked.then(() => true), sleep(LOOK_MS, false, { ref: false })]);
    // A number of a database that is not there is told beside the connection, which is then one to database 0.
    if (isAnswered) return faults.length === 0 ? { outcome: 'fit' } : judged(faults, { host, port });
    faults.push(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
  } catch (error) {
    faults.push(error);
  } finally {
    redis.disconnect();
  }
  return judged(faults, { host, port });
}

/** What Redis says to one that may not come in, or not everywhere. */
const REFUSED = /\b(WRONGPASS|NOAUTH|NOPERM)\b|invalid password|DB index|SELECT is not allowed/;
const OTHER_PROTOCOL = /^Protocol error/;
/** Said by a Redis that will be of use later. */
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
    const rule = destinationFault(fault, to);
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

import { createRedisBackend, Queue, withBackend } from 'bullmq';
import { Cluster, type Redis, type RedisOptions } from 'ioredis';
import { patient } from './patient-backend.js';
import { Asks, QUEUE_OPTIONS, WORKER_OPTIONS, type JobBody, type QueueBackend } from './queue-backend.js';
import { connectTo, type RedisConnection, type RedisTarget } from './redis-target.js';
import type { RedisWorry } from './redis-worries.js';
import { endTimerWithStream } from './timer-of-stream.js';

/**
 * Producers fail fast instead of queueing commands in memory while Redis is away; the sweeper covers the gap. A connection
 * without an answer is replaced.
 */
const PRODUCER: RedisOptions = {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  lazyConnect: true,
  socketTimeout: 5_000,
};
/** A worker waits ten seconds at most for a job. */
const CONSUMER: RedisOptions = { maxRetriesPerRequest: null, socketTimeout: 15_000 };
const LOOK_AGAIN_MS = 20_000;

/**
 * Queues in Redis. The process starts, works and stops whether Redis is there or not, and uses it when it is back.
 *
 * @param onWorries called with all that is wrong with the Redis that was reached, now and again
 */
export function redisBackend(
  target: RedisTarget,
  prefix: string,
  onWorries: (worries: readonly RedisWorry[]) => void = () => undefined,
): QueueBackend {
  const producers: RedisConnection[] = [];
  const consumers: RedisConnection[] = [];
  const taken: string[] = [];
  const producer = keepHold(connectTo(target, PRODUCER), producers);
  const look = (): void => {
    if (producer.status !== 'ready') return;
    void worriesOf(producer).then((worries) => worries && onWorries(worries));
  };
  producer.on('ready', look);
  // What is set right, or wrong, while it runs is found too.
  const looking = setInterval(look, LOOK_AGAIN_MS).unref();
  const asks = new Asks();
  const keyPrefix = (name: string): string => prefixOf(target, prefix, name);
  const classes = withBackend((...[name, ...others]: Parameters<typeof createRedisBackend>) =>
    patient(createRedisBackend(name, ...others), asks.of(name)),
  );
  let consumer: RedisConnection | undefined;
  /**
   * A command that waits for its answer is sent again by the library; the answer may take ten seconds when there are no
   * jobs.
   */
  const asksGoOn = (): void => {
    if (consumers.every(({ status }) => status === 'ready')) for (const name of taken) asks.listener(name);
  };
  return {
    kind: 'redis',
    opened: producer.connect().catch(() => undefined),
    asks,
    queue: (name) =>
      new Queue<JobBody>(name, {
        connection: producer,
        prefix: keyPrefix(name),
        skipWaitingForReady: true,
        // BullMQ asks for the version once, when the queue is made, and never gets over a failure to do so.
        skipVersionCheck: true,
        ...QUEUE_OPTIONS,
      }),
    worker: (name, run, concurrency) => {
      // Connects at once and tries for ever: BullMQ waits for the first connection, and for a failed one never again.
      consumer ??= keepHold(connectTo(target, CONSUMER), consumers, asksGoOn);
      taken.push(name);
      return new classes.Worker<JobBody>(name, run, {
        connection: consumer,
        prefix: keyPrefix(name),
        concurrency,
        ...WORKER_OPTIONS,
      });
    },
    ping: async () => {
      await producer.ping();
    },
    close: async () => {
      clearInterval(looking);
      for (const connection of [...producers, ...consumers]) connection.disconnect();
    },
  };
}

/**
 * The keys of a queue have to be on one node of a cluster, so the part in braces is what it is found by. Each queue has
 * its own, so that they are spread, unless the setting has braces itself.
 */
export function prefixOf({ mode }: Pick<RedisTarget, 'mode'>, prefix: string, queue: string): string {
  return mode === 'cluster' && !prefix.startsWith('{') ? `{${prefix}-${queue}}` : prefix;
}

/**
 * Puts a connection and every copy of it on the list. BullMQ makes a copy for each worker to wait on, and lets go of one
 * that is just connecting again: it would try for ever, long after everything else has ended.
 */
function keepHold<Connection extends RedisConnection>(
  connection: Connection,
  list: RedisConnection[],
  ready: () => void = () => undefined,
): Connection {
  list.push(connection);
  // The queues and workers on it report errors; without a listener of its own one would end the process.
  connection.on('error', () => undefined);
  connection.on('ready', ready);
  endTimerWithStream(connection);
  if (connection instanceof Cluster) {
    const duplicate = connection.duplicate.bind(connection);
    connection.duplicate = (...made) => keepHold(duplicate(...made), list, ready);
  } else {
    const duplicate = connection.duplicate.bind(connection);
    connection.duplicate = (options) => keepHold(duplicate(options), list, ready);
  }
  return connection;
}

/** Of all servers that take jobs; undefined when one of them does not say. */
async function worriesOf(connection: RedisConnection): Promise<RedisWorry[] | undefined> {
  const servers: Redis[] = connection instanceof Cluster ? connection.nodes('master') : [connection];
  const told = await Promise.all(servers.map((server) => worriesOfServer(server)));
  return told.some((worries) => worries === undefined) ? undefined : told.flatMap((worries) => worries ?? []);
}

async function worriesOfServer(server: Redis): Promise<RedisWorry[] | undefined> {
  const said = await server.info().catch(() => undefined);
  if (said === undefined) return undefined;
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(said)?.[1];
  const policy = field('maxmemory_policy');
  const worries: RedisWorry[] = [];
  if (policy !== undefined && policy !== 'noeviction') worries.push({ worry: 'evicts', policy });
  if (field('role') === 'slave')
    worries.push({ worry: 'replica', primary: `${field('master_host')}:${field('master_port')}` });
  return worries;
}

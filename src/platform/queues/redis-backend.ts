import { createRedisBackend, Queue, withBackend } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { patient } from './patient-backend.js';
import { QUEUE_OPTIONS, WORKER_OPTIONS, type JobBody, type QueueBackend } from './queue-backend.js';

/**
 * Queues in Redis. The process starts, works and stops whether Redis is there or not, and uses it when it is back.
 *
 * @param tellPolicy told whenever a Redis is reached that may throw keys away; jobs would vanish from it
 */
export function redisBackend(
  url: string,
  prefix: string,
  tellPolicy: (policy: string) => void = () => undefined,
): QueueBackend {
  // Producers fail fast instead of queueing commands in memory while Redis is away; the sweeper covers the gap.
  const connections: Redis[] = [];
  const connect = (options: RedisOptions): Redis => keepHold(new Redis(url, options), connections);
  const producer = connect({ maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: true });
  producer.on('ready', () => void evictionPolicy(producer).then((policy) => policy && tellPolicy(policy)));
  // BullMQ asks for the version once, when the queue is made, and never gets over a failure to do so.
  const options = {
    connection: producer,
    prefix,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    ...QUEUE_OPTIONS,
  };
  const classes = withBackend((...made: Parameters<typeof createRedisBackend>) =>
    patient(createRedisBackend(...made)),
  );
  let consumer: Redis | undefined;
  return {
    kind: 'redis',
    opened: producer.connect().catch(() => undefined),
    queue: (name) => new Queue<JobBody>(name, options),
    worker: (name, run, concurrency) => {
      // Connects at once and tries for ever: BullMQ waits for the first connection, and for a failed one never again.
      consumer ??= connect({ maxRetriesPerRequest: null });
      return new classes.Worker<JobBody>(name, run, {
        connection: consumer,
        prefix,
        concurrency,
        ...WORKER_OPTIONS,
      });
    },
    ping: async () => {
      await producer.ping();
    },
    close: async () => {
      for (const connection of connections) connection.disconnect();
    },
  };
}

/**
 * Puts a connection and every copy of it on the list. BullMQ makes a copy for each worker to wait on, and lets go of one
 * that is just connecting again: it would try for ever, long after everything else has ended.
 */
function keepHold(connection: Redis, list: Redis[]): Redis {
  list.push(connection);
  // The queues and workers on it report errors; without a listener of its own one would end the process.
  connection.on('error', () => undefined);
  const duplicate = connection.duplicate.bind(connection);
  connection.duplicate = (options) => keepHold(duplicate(options), list);
  return connection;
}

/** The policy by which this Redis may throw keys away; undefined when it never does, or does not say. */
async function evictionPolicy(connection: Redis): Promise<string | undefined> {
  const memory = await connection.info('memory').catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  return policy === 'noeviction' ? undefined : policy;
}

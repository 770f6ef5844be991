import { Redis } from 'ioredis';
import { migrateDatabase } from '../../../src/platform/database/migrate.js';
import { postgresBackend } from '../../../src/platform/queues/postgres-backend.js';
import type { QueueBackend } from '../../../src/platform/queues/queue-backend.js';
import { redisBackend } from '../../../src/platform/queues/redis-backend.js';
import { ask } from '../database/ask.js';
import { until } from '../service/until.js';
import { createTestDatabase } from '../database/test-database.js';
import { startPrivateRedis } from '../../../scripts/drill/programs/private-redis.js';
import { TcpGate } from '../../../scripts/drill/programs/tcp-gate.js';

/** A server for queues, behind a gate that a test can shut. */
export interface QueueHome {
  readonly gate: TcpGate;
  /** The backend of one process; a second call gives that of a second process. */
  backend(): QueueBackend;
  /** The ids of all jobs of a queue, read without the gate. */
  jobIds(workName: string): Promise<string[]>;
  /** The length of the event stream of a queue. */
  toldLines(workName: string): Promise<number>;
  /** Makes the server refuse everybody, as one does that is starting, or full. */
  refuseWork(isRefusing: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Not the default, so that an ignored setting is noticed. */
const PREFIX = 'test_queues';

export interface PostgresQueueHome extends QueueHome {
  /** Resolves when a worker of the queue listens, and has looked for jobs since it began to. */
  listens(workName: string): Promise<void>;
  /** Adds a job without the notice that wakes a worker. */
  addUnnoticed(workName: string, id: string): Promise<void>;
}

export async function postgresHome(): Promise<PostgresQueueHome> {
  const database = await createTestDatabase();
  await migrateDatabase(database.url, PREFIX);
  // Every clone of the template has the queues of the default prefix.
  await ask(database.url, 'drop schema bullmq cascade');
  const gate = await TcpGate.before(database.url);
  return {
    gate,
    backend: () => postgresBackend(gate.through(database.url), PREFIX, 6),
    jobIds: async (workName) => {
      const sql = `select id from ${PREFIX}.job where queue = $1 order by id`;
      return (await ask<{ id: string }>(database.url, sql, [workName])).map(({ id }) => id);
    },
    toldLines: async (workName) => {
      const sql = `select count(*)::int as count from ${PREFIX}.event where queue = $1`;
      return (await ask<{ count: number }>(database.url, sql, [workName]))[0]?.count ?? 0;
    },
    refuseWork: (isRefusing) => refuseConnections(database.url, isRefusing),
    listens: async (workName) => {
      const sql = `select from pg_stat_activity listener join pg_stat_activity looked using (datname)
        where datname = current_database() and listener.application_name = $1 and listener.state = 'idle'
          and listener.query ilike '%listen bullmq_jobs%' and looked.query ilike '%next_delay%'
          and looked.state = 'idle' and looked.query_start > listener.query_start`;
      await until(`${workName} listens`, async () => (await ask(database.url, sql, [workName])).length > 0);
    },
    addUnnoticed: async (workName, id) => {
      const sql = `insert into ${PREFIX}.job (queue, id, seq, name, state, data, opts, added_at_ms)
        values ($1, $2, nextval('${PREFIX}.job_seq'), 'wake', 'waiting', jsonb_build_object('id', $2::text),
          '{"removeOnComplete": true}', 0)`;
      await ask(database.url, sql, [workName, id]);
    },
    stop: async () => {
      await gate.shut();
      await database.drop();
    },
  };
}

export async function redisHome(): Promise<QueueHome> {
  const redis = await startPrivateRedis();
  if (!redis) throw new Error('redis-server is not installed');
  const gate = await TcpGate.before(redis.url);
  return {
    gate,
    backend: () => redisBackend({ mode: 'single', url: gate.through(redis.url), options: {} }, PREFIX),
    jobIds: async (workName) => {
      const client = new Redis(redis.url);
      const stem = `${PREFIX}:${workName}:`;
      const keys = await client.keys(`${stem}${workName}-*`);
      client.disconnect();
      return keys.map((key) => key.slice(stem.length)).sort();
    },
    toldLines: async (workName) => {
      const client = new Redis(redis.url);
      const lines = await client.xlen(`${PREFIX}:${workName}:events`);
      client.disconnect();
      return lines;
    },
    refuseWork: async (isRefusing) => {
      const client = new Redis(redis.url);
      await client.config('SET', 'maxmemory', isRefusing ? 1 : 0);
      client.disconnect();
    },
    stop: async () => {
      await gate.shut();
      await redis.stop();
    },
  };
}

async function refuseConnections(url: string, isRefusing: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  await ask(maintenance.href, `alter database "${name}" allow_connections ${String(!isRefusing)}`);
  if (!isRefusing) return;
  const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1';
  await ask(maintenance.href, others, [name]);
}

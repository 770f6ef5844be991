import { Cluster } from 'ioredis';
import { settingFault } from '../../src/platform/config/setting-file.js';
import type { LoadedSettings } from '../../src/platform/config/load-settings.js';
import { lookAtTarget } from '../../src/platform/queues/checked-redis.js';
import { QueueSettings } from '../../src/platform/queues/queue.settings.js';
import { connectTo, redisTarget, type RedisConnection } from '../../src/platform/queues/redis-target.js';
import { fault, inTime, ok, warning, type Finding } from './finding.js';

const PART = 'queues';
const ASK_MS = 5_000;

/** Redis as the service finds and uses it: alone, by its sentinels, or as a cluster. */
export async function queuesLook(settings: LoadedSettings): Promise<Finding[]> {
  const queues = settings.get(QueueSettings);
  const { redisUrl } = queues;
  if (redisUrl === undefined) return [ok(PART, 'in PostgreSQL')];
  const target = redisTarget(redisUrl, queues);
  const look = await lookAtTarget(target);
  const { setting = 'REDIS_URL' } = look;
  if (look.outcome === 'unfit') return [fault(PART, `${setting} ${look.rule}`)];
  if (look.outcome === 'away') return [fault(PART, `${setting} ${look.reason}`)];
  const redis = connectTo(target, {
    lazyConnect: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    const late = (): Error => settingFault('REDIS_URL', `names a Redis that does not answer in ${ASK_MS} ms`);
    const told = await inTime(ASK_MS, infosOf(redis), late);
    return told.flatMap(findingsOf);
  } finally {
    redis.disconnect();
  }
}

/** Undefined for one that does not say. */
async function infosOf(redis: RedisConnection): Promise<(string | undefined)[]> {
  await redis.connect();
  const servers = redis instanceof Cluster ? redis.nodes('master') : [redis];
  return Promise.all(servers.map((server) => server.info().catch(() => undefined)));
}

function findingsOf(info: string | undefined): Finding[] {
  if (info === undefined)
    return [
      warning(PART, 'Redis answers, and its user may not ask for INFO: whether it evicts jobs is not known'),
    ];
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  if (field('role') === 'slave') {
    const primary = `${field('master_host') ?? ''}:${field('master_port') ?? ''}`;
    return [fault(PART, `REDIS_URL names a replica of ${primary}, which takes no jobs; give the primary`)];
  }
  const policy = field('maxmemory_policy');
  const isKept = field('aof_enabled') !== '0';
  return [
    policy === 'noeviction'
      ? ok(PART, 'Redis answers and evicts nothing')
      : warning(PART, `Redis may evict jobs: maxmemory-policy is ${policy ?? 'not told'}, set noeviction`),
    ...(isKept ? [] : [warning(PART, 'Redis keeps no append-only file; a restart forgets the jobs')]),
  ];
}

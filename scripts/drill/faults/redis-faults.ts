import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { DrillGround } from '../ground/drill-ground.js';
import type { PrivateRedis } from '../programs/private-redis.js';
import type { Fault } from './fault.js';

/** Faults of the queues' backend. With PostgreSQL it is their table of jobs. */
export const QUEUE_FAULTS: readonly Fault[] = [
  {
    group: 'redis',
    name: 'Redis emptied',
    isBrief: true,
    on: 'redis',
    run: (ground) => emptied(redisOf(ground)),
  },
  {
    group: 'redis',
    name: 'Redis killed and restarted',
    isBrief: true,
    on: 'redis',
    run: async (ground, random) => {
      await redisOf(ground).kill();
      await sleep(random.between(500, 4_000));
      await redisOf(ground).restart();
    },
  },
  {
    group: 'redis',
    name: 'Redis killed, its data lost',
    on: 'redis',
    run: async (ground, random) => {
      const redis = redisOf(ground);
      await redis.kill();
      await rm(join(redis.directory, 'appendonlydir'), { recursive: true, force: true });
      await sleep(random.between(500, 2_000));
      await redis.restart();
    },
  },
  {
    group: 'redis',
    name: 'Redis stopped for 4 s',
    on: 'redis',
    run: async (ground) => {
      const { pid } = redisOf(ground);
      process.kill(pid, 'SIGSTOP');
      try {
        await sleep(4_000);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    },
  },
  {
    group: 'redis',
    name: 'the table of jobs emptied',
    isBrief: true,
    on: 'postgres',
    run: async ({ database }) => {
      // Not truncated: that would wait for the readers of the table, and everything else for us.
      await database.readPatiently('delete from bullmq.job');
    },
  },
];

async function emptied(redis: PrivateRedis): Promise<void> {
  const client = new Redis(redis.url);
  try {
    await client.flushall();
  } finally {
    client.disconnect();
  }
}

function redisOf({ redis }: DrillGround): PrivateRedis {
  if (redis === undefined) throw new Error('this drill runs without Redis');
  return redis;
}

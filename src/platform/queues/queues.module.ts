import { Global, Module } from '@nestjs/common';
import { SettingsError } from '../config/load-settings.js';
import { Database } from '../database/database.js';
import { DatabaseSettings } from '../database/database.settings.js';
import { queueAddress } from '../database/pooler.js';
import { EventLog } from '../logging/event-log.js';
import { lookAtRedis } from './checked-redis.js';
import { postgresBackend } from './postgres-backend.js';
import type { QueueBackend } from './queue-backend.js';
import { QueueSettings } from './queue.settings.js';
import { redisBackend } from './redis-backend.js';
import { WorkQueues } from './work-queues.js';

/** Room for every worker's LISTEN connection and a few statements at the same time. */
const POSTGRES_QUEUE_CONNECTIONS = 10;

/** The queues live in Redis where one is configured, else in PostgreSQL beside the records. */
@Global()
@Module({
  providers: [
    {
      provide: WorkQueues,
      inject: [QueueSettings, DatabaseSettings, Database, EventLog],
      useFactory: async (queues: QueueSettings, at: DatabaseSettings, database: Database, log: EventLog) => {
        const { redisUrl, prefix } = queues;
        if (redisUrl !== undefined) return new WorkQueues(await inRedis(redisUrl, prefix, log), log);
        const url = await queueAddress(at, database.keepsSession);
        return new WorkQueues(postgresBackend(url, prefix, POSTGRES_QUEUE_CONNECTIONS), log);
      },
    },
  ],
  exports: [WorkQueues],
})
export class QueuesModule {}

/** @throws SettingsError when what is at that address will never be a Redis for us */
async function inRedis(url: string, prefix: string, log: EventLog): Promise<QueueBackend> {
  const look = await lookAtRedis(url);
  if (look.outcome === 'unfit') throw new SettingsError([{ name: 'REDIS_URL', rule: look.rule }]);
  if (look.outcome === 'away') log.warn('queue.redis_away', { setting: 'REDIS_URL', reason: look.reason });
  return redisBackend(url, prefix, (policy) =>
    log.warn('queue.redis_may_evict', { policy, wanted: 'noeviction', alarm: true }),
  );
}

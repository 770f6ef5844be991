import { Global, Module } from '@nestjs/common';
import { SettingsError } from '../config/load-settings.js';
import { Database } from '../database/database.js';
import { DatabaseSettings } from '../database/database.settings.js';
import { queueAddress } from '../database/pooler.js';
import { EventLog } from '../logging/event-log.js';
import { lookAtTarget } from './checked-redis.js';
import { postgresBackend } from './postgres-backend.js';
import { QueuePauses } from './queue-pauses.js';
import type { QueueBackend } from './queue-backend.js';
import { QueueSettings } from './queue.settings.js';
import { redisBackend } from './redis-backend.js';
import { redisTarget } from './redis-target.js';
import { RedisWorries } from './redis-worries.js';
import { QueueFigures } from './queue-figures.js';
import { WorkQueues } from './work-queues.js';
import { LIMITS } from './answer-in-time.js';
import { Tracing } from '../tracing/tracing.js';

/** Room for every worker's LISTEN connection and a few statements at the same time. */
const POSTGRES_QUEUE_CONNECTIONS = 10;

/** The queues live in Redis where one is configured, else in PostgreSQL beside the records. */
@Global()
@Module({
  providers: [
    QueueFigures,
    {
      provide: WorkQueues,
      inject: [QueueSettings, DatabaseSettings, Database, EventLog, { token: Tracing, optional: true }],
      useFactory: async (
        queues: QueueSettings,
        at: DatabaseSettings,
        database: Database,
        log: EventLog,
        tracing?: Tracing,
      ) => {
        if (queues.redisUrl !== undefined)
          return new WorkQueues(await inRedis(queues.redisUrl, queues, log), log, LIMITS, tracing);
        const url = await queueAddress(at, database.keepsSession);
        return new WorkQueues(
          postgresBackend(url, queues.schema, POSTGRES_QUEUE_CONNECTIONS),
          log,
          LIMITS,
          tracing,
        );
      },
    },
    QueuePauses,
  ],
  exports: [WorkQueues, QueuePauses],
})
export class QueuesModule {}

/** @throws SettingsError when what is at that address will never be a Redis for us */
async function inRedis(url: string, settings: QueueSettings, log: EventLog): Promise<QueueBackend> {
  const target = redisTarget(url, settings);
  const look = await lookAtTarget(target);
  const { setting = 'REDIS_URL' } = look;
  if (look.outcome === 'unfit') throw new SettingsError([{ name: setting, rule: look.rule }]);
  if (look.outcome === 'away') log.warn('queue.redis_away', { setting, reason: look.reason });
  const worries = new RedisWorries(log);
  return redisBackend(target, settings.prefix, (found) => worries.found(found));
}

import { Global, Module } from '@nestjs/common';
import { DatabaseSettings } from '../database/database.settings.js';
import { EventLog } from '../logging/event-log.js';
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
      inject: [QueueSettings, DatabaseSettings, EventLog],
      useFactory: (queues: QueueSettings, database: DatabaseSettings, log: EventLog) =>
        new WorkQueues(chooseBackend(queues, database, log), log),
    },
  ],
  exports: [WorkQueues],
})
export class QueuesModule {}

function chooseBackend(queues: QueueSettings, database: DatabaseSettings, log: EventLog): QueueBackend {
  if (queues.redisUrl === undefined)
    return postgresBackend(database.url ?? '', queues.prefix, POSTGRES_QUEUE_CONNECTIONS);
  return redisBackend(queues.redisUrl, queues.prefix, (policy) =>
    log.warn('queue.redis_may_evict', { policy, wanted: 'noeviction', alarm: true }),
  );
}

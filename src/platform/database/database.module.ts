import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Database } from './database.js';
import { DatabaseSettings } from './database.settings.js';
import { migrateDatabase } from './migrate.js';
import { openDatabase } from './open-named-database.js';
import { dataSourceOn, READABLE_TIMES } from './pool.js';
import { ReadingPool } from './reading-pool.js';
import { EventLog } from '../logging/event-log.js';
import { QueueSettings } from '../queues/queue.settings.js';

type Entities = NonNullable<DataSourceOptions['entities']>;

/** What a statement of the service's work may take. */
const STATEMENT_LIMIT = '30s';

/** The connections for the service's work; the schema is brought up to date before anybody can use them. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  static forRoot(entities: Entities): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          inject: [DatabaseSettings, QueueSettings, EventLog],
          useFactory: open,
        },
        {
          provide: DataSource,
          inject: [Database],
          useFactory: ({ pool }: Database) => dataSourceOn(pool, { entities }).initialize(),
        },
        ReadingPool,
      ],
      exports: [Database, ReadingPool],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

async function open(
  { url, directUrl, poolSize }: DatabaseSettings,
  { prefix, redisUrl }: QueueSettings,
  log: EventLog,
): Promise<Database> {
  if (url === undefined) throw new Error('DATABASE_URL is neither set nor provided by embedded mode');
  const onWait = (waitedMs: number): void => log.warn('database.migration_waits', { waitedMs });
  await migrateDatabase(directUrl ?? url, prefix, { hasQueues: redisUrl === undefined, onWait });
  const session = { ...READABLE_TIMES, statement_timeout: STATEMENT_LIMIT };
  const database = await openDatabase(url, { name: 'work', max: poolSize, session });
  if (!database.keepsSession) log.event('database.pooler_found', { mode: 'transaction' });
  return database;
}

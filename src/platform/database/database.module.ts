import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Database } from './database.js';
import { DatabaseSettings } from './database.settings.js';
import { migrateDatabase } from './migrate.js';
import { ReadingPool } from './reading-pool.js';
import { QueueSettings } from '../queues/queue.settings.js';

type Entities = NonNullable<DataSourceOptions['entities']>;

/** The one connection pool of the process; the schema is brought up to date before anybody can use it. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  static forRoot(entities: Entities): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: DataSource,
          inject: [DatabaseSettings, QueueSettings],
          useFactory: (database: DatabaseSettings, queues: QueueSettings) =>
            openDataSource(database, queues, entities),
        },
        Database,
        ReadingPool,
      ],
      exports: [Database, ReadingPool],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

async function openDataSource(
  settings: DatabaseSettings,
  queues: QueueSettings,
  entities: Entities,
): Promise<DataSource> {
  if (settings.url === undefined)
    throw new Error('DATABASE_URL is neither set nor provided by embedded mode');
  await migrateDatabase(settings.url, queues.prefix);
  const dataSource = new DataSource({
    type: 'postgres',
    url: settings.url,
    entities,
    poolSize: settings.poolSize,
    extra: { connectionTimeoutMillis: 5_000, keepAlive: true, statement_timeout: 30_000 },
  });
  return dataSource.initialize();
}

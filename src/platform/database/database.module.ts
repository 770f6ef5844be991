import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DataKeys } from './data-keys.js';
import { DataKeysWatch } from './data-keys.watch.js';
import { Database } from './database.js';
import { DatabaseSettings } from './database.settings.js';
import { migrateDatabase } from './migrate.js';
import { openDatabase } from './open-named-database.js';
import { AS_WRITTEN, dataSourceOn, LIMITS, SILENCE_MS } from './pool.js';
import { migrationAddress } from './pooler.js';
import { ReadingPool } from './reading-pool.js';
import { EventLog } from '../logging/event-log.js';
import { QueueSettings } from '../queues/queue.settings.js';
import { Sealing } from '../sealing/sealing.js';
import { chosenWrappingKeys } from '../sealing/chosen-wrapping-keys.js';
import { SealingSettings } from '../sealing/sealing.settings.js';

type Entities = NonNullable<DataSourceOptions['entities']>;

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
        {
          provide: DataKeysWatch,
          inject: [Database, SealingSettings, EventLog],
          useFactory: watchDataKeys,
        },
        { provide: Sealing, inject: [Database], useFactory: ({ sealing }: Database) => sealing },
        ReadingPool,
      ],
      exports: [Database, ReadingPool, Sealing],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

async function open(
  { url, directUrl, poolSize }: DatabaseSettings,
  { schema, redisUrl }: QueueSettings,
  log: EventLog,
): Promise<Database> {
  if (url === undefined) throw new Error('DATABASE_URL is neither set nor provided by embedded mode');
  const onWait = (waitedMs: number): void => log.warn('database.migration_waits', { waitedMs });
  const direct = migrationAddress(url, directUrl);
  await migrateDatabase(direct.url, schema, {
    hasQueues: redisUrl === undefined,
    setting: direct.setting,
    onWait,
  });
  const session = { ...AS_WRITTEN, ...LIMITS };
  const rules = { name: 'work', max: poolSize, session, silenceMs: SILENCE_MS };
  const database = await openDatabase(url, rules);
  if (!database.keepsSession) log.event('database.pooler_found', { mode: 'transaction' });
  return database;
}

/** Nothing is read or written before the keys are held. */
async function watchDataKeys(
  database: Database,
  settings: SealingSettings,
  log: EventLog,
): Promise<DataKeysWatch> {
  const wrapping = chosenWrappingKeys(settings);
  const keys = new DataKeys(database, wrapping);
  await keys.begin();
  if (database.sealing.sealingKeyId === undefined) {
    const why = wrapping ? 'npm run data-keys -- begin starts it' : 'DATA_KEYS_FILE is not set';
    log.warn('data.not_encrypted', { why });
  }
  return new DataKeysWatch(keys, log, database);
}

import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations as migrateQueues,
  SchemaMigrationRequiredError,
} from 'bullmq';
import type pg from 'pg';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import { connectChecked } from './checked-connection.js';
import { dataSourceOn, openPool } from './pool.js';

/** Any constant will do; every process of this service must use the same one. */
const MIGRATION_LOCK = 7_201_142_019;

export interface MigrationReport {
  /** Ours, by name, in order. */
  readonly migrations: readonly string[];
  /** The versions of BullMQ's schema, when it changes. */
  readonly queues?: { readonly from: number; readonly to: number };
}

/**
 * Brings a database to the newest schema: ours, and BullMQ's own under `queueSchema`.
 * Many processes may start at once; an advisory lock lets one migrate while the others wait and find nothing to do.
 *
 * @throws SettingsError when there is no database to work on at that address
 */
export async function migrateDatabase(url: string, queueSchema = 'bullmq'): Promise<MigrationReport> {
  const lock = await connectChecked(url);
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const queues = await pendingQueues(lock, queueSchema);
    const migrations = await applyOurs(url);
    await migrateQueues(lock, queueSchema);
    return { migrations, ...queues };
  } finally {
    await lock.end();
  }
}

/** What `migrateDatabase` would do now. Only reads, and waits for nobody. */
export async function pendingMigrations(url: string, queueSchema = 'bullmq'): Promise<MigrationReport> {
  const client = await connectChecked(url);
  try {
    await client.query('begin read only');
    const applied = new Set(await appliedNames(client));
    const migrations = MIGRATIONS.map(({ name }) => name).filter((name) => !applied.has(name));
    return { migrations, ...(await pendingQueues(client, queueSchema)) };
  } finally {
    await client.end();
  }
}

/** From the table TypeORM keeps; its own look would make the table where it is missing. */
async function appliedNames(client: pg.Client): Promise<string[]> {
  const table = await client.query<{ isThere: boolean }>(
    `select to_regclass('migrations') is not null as "isThere"`,
  );
  if (table.rows[0]?.isThere !== true) return [];
  const { rows } = await client.query<{ name: string }>('select name from migrations');
  return rows.map(({ name }) => name);
}

async function pendingQueues(client: pg.Client, schema: string): Promise<Pick<MigrationReport, 'queues'>> {
  const from = await queueVersion(client, schema);
  return from < LATEST_SCHEMA_VERSION ? { queues: { from, to: LATEST_SCHEMA_VERSION } } : {};
}

async function queueVersion(client: pg.Client, schema: string): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, schema);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}

async function applyOurs(url: string): Promise<string[]> {
  const pool = openPool(url, { name: 'migration', max: 2 });
  const dataSource = await dataSourceOn(pool, { migrations: [...MIGRATIONS] }).initialize();
  try {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

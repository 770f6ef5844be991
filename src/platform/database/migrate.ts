import { runMigrations as migrateQueues } from 'bullmq';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/migrations.js';

/** Any constant will do; every process of this service must use the same one. */
const MIGRATION_LOCK = 7_201_142_019;

export interface MigrationReport {
  readonly applied: readonly string[];
}

/**
 * Brings a database to the newest schema: ours, and BullMQ's own under `queueSchema`.
 * Many processes may start at once; an advisory lock lets one migrate while the others wait and find nothing to do.
 */
export async function migrateDatabase(url: string, queueSchema = 'bullmq'): Promise<MigrationReport> {
  const lock = new pg.Client({ connectionString: url });
  // A connection that breaks fails the statement under way; without a listener it would also end the process.
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await applyOurs(url);
    await migrateQueues(lock, queueSchema);
    return { applied };
  } finally {
    await lock.end();
  }
}

async function applyOurs(url: string): Promise<string[]> {
  const dataSource = new DataSource({ type: 'postgres', url, migrations: [...MIGRATIONS] });
  await dataSource.initialize();
  try {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

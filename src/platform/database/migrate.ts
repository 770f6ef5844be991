import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations as migrateQueues,
  SchemaMigrationRequiredError,
} from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { type DataSource, type Migration, MigrationExecutor } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import { SettingsError } from '../config/load-settings.js';
import { connectChecked } from './checked-connection.js';
import { sqlStateOf } from './conflict-retry.js';
import { AS_WRITTEN, beginning, dataSourceOn, openPool, type SessionSettings } from './pool.js';

/** Any constants will do; every process of this service must use the same ones. */
const MIGRATION_LOCK = 7_201_142_019;
const STEP_LOCK = MIGRATION_LOCK + 1;

/** For a migration: it waits for others who migrate, and may take as long as it needs. */
const PATIENT: SessionSettings = { ...AS_WRITTEN, lock_timeout: '3s', statement_timeout: '0' };
/** The connection that holds the lock does nothing else. */
const HOLDING: SessionSettings = { ...PATIENT, idle_in_transaction_session_timeout: '0' };
/** A server that knows this limit (17 and newer) must not end a migration in the middle, whatever the role prefers. */
const WITHOUT_END = `select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`;
const ASK_AGAIN_MS = 500;
const TELL_EVERY_MS = 3_000;
/**
 * A lock request that waits for a table in use blocks all later writers, so it waits for less than a second at a time
 * and lets them pass in between.
 */
const GIVING_WAY = `set local lock_timeout = '700ms'`;

const LOCK_NOT_AVAILABLE = '55P03';
const MAY_NOT = '42501';

export interface MigrationReport {
  /** Ours, by name, in order. */
  readonly migrations: readonly string[];
  /** The versions of BullMQ's schema, when it changes. */
  readonly queues?: { readonly from: number; readonly to: number };
}

export interface MigrationRules {
  /** False where the queues live elsewhere. */
  readonly hasQueues?: boolean;
  /** The setting that gave the address, to which faults are put down; absent: `DATABASE_URL`. */
  readonly setting?: string;
  /** How long to wait for others who migrate, or who hold a table. */
  readonly patienceMs?: number;
  /** Called each time a wait has lasted some seconds more. */
  readonly onWait?: (waitedMs: number) => void;
}

/**
 * Brings a database to the newest schema: ours, and BullMQ's own under `queueSchema`. Many processes may start at once:
 * a lock lets one migrate while the others wait and find nothing to do. It belongs to a transaction, so that it ends with
 * it whatever a pooler does with the connection. Where nothing is pending, nothing is asked of the database that needs a
 * right to change it.
 *
 * @throws SettingsError when there is no database to work on at that address, or no right to change it
 */
export async function migrateDatabase(
  url: string,
  queueSchema = 'bullmq',
  {
    hasQueues = true,
    setting = 'DATABASE_URL',
    patienceMs = 300_000,
    onWait = () => undefined,
  }: MigrationRules = {},
): Promise<MigrationReport> {
  const pending = await pendingMigrations(url, queueSchema, { hasQueues, setting });
  if (pending.migrations.length === 0 && pending.queues === undefined) return pending;
  const migrations: string[] = [];
  try {
    return await patiently({ patienceMs, onWait }, async () =>
      whileHolding(await connectChecked(url, setting), async () => {
        const { queues } = await pendingMigrations(url, queueSchema, { hasQueues, setting });
        await applyOurs(url, migrations);
        if (queues !== undefined) await applyQueues(await connectChecked(url, setting), queueSchema);
        return { migrations, ...(queues === undefined ? {} : { queues }) };
      }),
    );
  } catch (error) {
    if (sqlStateOf(error) !== MAY_NOT) throw error;
    const rule = `names a role that may not change the schema, which has to be: ${textOf(error)}; run "npm run migrate" with one that may (docs/roles.sql)`;
    throw new SettingsError([{ name: setting, rule }], { cause: error });
  }
}

/** What `migrateDatabase` would do now. Only reads, and does not wait. */
export async function pendingMigrations(
  url: string,
  queueSchema = 'bullmq',
  { hasQueues = true, setting = 'DATABASE_URL' }: Pick<MigrationRules, 'hasQueues' | 'setting'> = {},
): Promise<MigrationReport> {
  const client = await connectChecked(url, setting);
  try {
    const applied = new Set(await appliedNames(client));
    const migrations = MIGRATIONS.map(({ name }) => name).filter((name) => !applied.has(name));
    return { migrations, ...(hasQueues ? await pendingQueues(client, queueSchema) : {}) };
  } finally {
    await client.end();
  }
}

/** From the table that TypeORM keeps; its own query would create a missing table. */
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

/**
 * Without a parameter: a statement with one keeps its snapshot until the connection runs another, and an index that is made
 * concurrently waits for every snapshot that is older.
 */
function takes(lock: number): string {
  return `select pg_advisory_xact_lock(${lock})`;
}

/** @param lock a connection for nothing else; it is ended */
async function whileHolding<T>(lock: pg.Client, work: () => Promise<T>): Promise<T> {
  try {
    await lock.query(`${beginning(HOLDING)}; ${WITHOUT_END}`);
    await lock.query(takes(MIGRATION_LOCK));
    const result = await work();
    await lock.query('rollback').catch(() => undefined); // there is nothing to commit
    return result;
  } finally {
    await lock.end();
  }
}

/** @param applied gets the name of each that is done */
async function applyOurs(url: string, applied: string[]): Promise<void> {
  const pool = openPool(url, { name: 'migration', max: 2, session: {} });
  const dataSource = await dataSourceOn(pool, { migrations: [...MIGRATIONS] }).initialize();
  try {
    for (;;) {
      const name = await applyNext(dataSource);
      if (name === undefined) return;
      applied.push(name);
    }
  } finally {
    await dataSource.destroy();
  }
}

/**
 * The next migration, or undefined when there is none. It has a lock of its own, because the connection that holds the other
 * one may be lost meanwhile.
 */
async function applyNext(dataSource: DataSource): Promise<string | undefined> {
  const runner = dataSource.createQueryRunner();
  try {
    // One that sees what was there at its beginning keeps an index from ever being made beside it.
    await runner.startTransaction('READ COMMITTED');
    await runner.query(WITHOUT_END);
    for (const [name, value] of Object.entries(HOLDING)) await runner.query(`set local ${name} = '${value}'`);
    await runner.query(takes(STEP_LOCK));
    const executor = new MigrationExecutor(dataSource, runner);
    const [next] = await executor.getPendingMigrations();
    await runner.query(GIVING_WAY);
    if (next?.instance?.transaction === false) await applyBeside(dataSource, next);
    else if (next) await executor.executeMigration(next);
    await runner.commitTransaction();
    return next?.name;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * One whose statements may not be in a transaction, because they would keep writers from a table for as long as they read
 * it. The lock is held meanwhile by a transaction on the connection beside it.
 */
async function applyBeside(dataSource: DataSource, next: Migration): Promise<void> {
  const runner = dataSource.createQueryRunner();
  // A role may have limits of its own, meant for statements of requests.
  const session = { ...AS_WRITTEN, default_transaction_isolation: 'read committed', statement_timeout: '0' };
  try {
    for (const [name, value] of Object.entries(session)) await runner.query(`set ${name} = '${value}'`);
    await new MigrationExecutor(dataSource, runner).executeMigration(next);
  } finally {
    for (const name of Object.keys(session)) await runner.query(`reset ${name}`).catch(() => undefined);
    await runner.release();
  }
}

/** BullMQ begins and ends the transaction, and has a lock of its own in it. */
async function applyQueues(client: pg.Client, schema: string): Promise<void> {
  try {
    const query = (text: string, values?: unknown[]) =>
      client.query(text === 'BEGIN' ? `${beginning(HOLDING)}; ${WITHOUT_END}` : text, values);
    await migrateQueues({ query } as typeof client, schema); // all that it uses of a connection
  } finally {
    await client.end();
  }
}

/** Repeats work that found a lock taken, until the time is up. */
async function patiently<T>(
  { patienceMs, onWait }: Required<Pick<MigrationRules, 'patienceMs' | 'onWait'>>,
  work: () => Promise<T>,
): Promise<T> {
  const since = performance.now();
  let toldMs = 0;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const waitedMs = Math.round(performance.now() - since);
      if (sqlStateOf(error) !== LOCK_NOT_AVAILABLE || waitedMs > patienceMs) throw error;
      if (waitedMs - toldMs >= TELL_EVERY_MS) onWait((toldMs = waitedMs));
      await sleep(ASK_AGAIN_MS);
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import pg from 'pg';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { SECONDARY_INDEXES, SEED_CHUNK } from './seed.sql.js';

export interface SeedWish {
  readonly url: string;
  readonly orders: number;
  readonly tell: (message: string) => void;
  /** Gets the number of orders so far. */
  readonly onDone?: (orders: number) => void;
}

export class NotEmptyError extends Error {}

const ORDERS_AT_ONCE = 20_000;
const CONNECTIONS = 2;
/** Written at the very end, so that a bench can use the database again. */
const MARK = 'seeded for searches';

/**
 * Fills a database without payments, in minutes: without its secondary indexes, which are made at the end, and without
 * triggers and foreign keys (`session_replication_role`, hence as a superuser); the rows keep all their rules.
 */
export async function seedOperations(wish: SeedWish): Promise<void> {
  const { url, orders, tell } = wish;
  await migrateDatabase(url);
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  try {
    await refuseWhereRowsAre(pool);
    const { rows: indexes } = await pool.query<{ name: string; definition: string }>(SECONDARY_INDEXES);
    if (indexes.length > 0) await pool.query(`drop index ${indexes.map(({ name }) => name).join(', ')}`);
    await insertOrders(pool, wish);
    for (const [at, { name, definition }] of indexes.entries()) {
      tell(`index ${at + 1} of ${indexes.length}: ${name}`);
      await withoutLimits(pool, definition);
    }
    for (const table of [
      'payment_order',
      'scan',
      'notification',
      'debit',
      'decode_exchange',
      'payment_history',
    ]) {
      tell(`statistics of ${table}`);
      await withoutLimits(pool, `vacuum (analyze) ${table}`);
    }
    await pool.query(`comment on table payment_order is '${MARK}: ${orders}'`);
  } finally {
    await pool.end();
  }
}

/** The number of orders seeded here; undefined when the seeding never finished. */
export async function seededOrders(url: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ mark: string | null }>(
      `select obj_description(to_regclass('payment_order'), 'pg_class') as mark`,
    );
    const count = rows[0]?.mark?.split(`${MARK}: `)[1];
    return count === undefined ? undefined : Number(count);
  } finally {
    await client.end();
  }
}

async function refuseWhereRowsAre(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ taken: boolean; name: string }>(
    `select exists (select from payment_order) or exists (select from scan) as taken, current_database() as name`,
  );
  const [database] = rows;
  if (database?.taken !== false)
    throw new NotEmptyError(`There are payments in ${database?.name}. Only an empty database is seeded.`);
}

async function insertOrders(pool: pg.Pool, { orders, tell, onDone }: SeedWish): Promise<void> {
  const now = new Date();
  const startedAt = performance.now();
  let [next, done] = [1, 0];
  const insert = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query(`set session_replication_role = replica`);
      await client.query(`set synchronous_commit = off`);
      while (next <= orders) {
        const [from, to] = [next, Math.min(next + ORDERS_AT_ONCE - 1, orders)];
        next = to + 1;
        await client.query(SEED_CHUNK, [from, to, orders, now]);
        done += to - from + 1;
        const seconds = (performance.now() - startedAt) / 1_000;
        onDone?.(done);
        const minutesLeft = Math.ceil(((orders - done) * seconds) / done / 60);
        tell(
          `${done} of ${orders} orders, ${Math.round(done / seconds)} a second, ${minutesLeft} minutes left, then the indexes`,
        );
      }
    } finally {
      client.release(true);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, insert));
}

async function withoutLimits(pool: pg.Pool, text: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`set maintenance_work_mem = '1GB'`);
    await client.query(text);
  } finally {
    client.release(true);
  }
}

import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { ConflictRetry } from './conflict-retry.js';
import { surviving } from './surviving-pool.js';

/** One SQL text with a stable name; PostgreSQL prepares it once per connection under that name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Whatever runs statements: the database (each one its own transaction) or an open transaction. */
export interface Runner {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/**
 * Runs named statements on TypeORM's own connection pool.
 *
 * The pool is reached through the driver because TypeORM's `query()` cannot send a statement name, and without a
 * name PostgreSQL parses and plans the same text again on every call. Values of `numeric` and `bigint` arrive as
 * strings, `timestamptz` as `Date`, `bytea` as `Buffer`.
 */
@Injectable()
export class Database implements Runner {
  private readonly retry = new ConflictRetry();
  private connected: Pool | undefined;

  constructor(readonly dataSource: DataSource) {}

  /** One statement is one transaction; it is run again when PostgreSQL broke a deadlock or a serialization tie. */
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return this.retry.run(() => query<Row>(this.pool, statement, values));
  }

  /**
   * Runs `work` in one transaction, the whole of it again after a deadlock or serialization failure.
   * No HTTP and no queue call may happen inside: they would hold a connection and cannot be rolled back.
   */
  transaction<T>(work: (transaction: Runner) => Promise<T>): Promise<T> {
    return this.retry.run(async () => {
      const client = await this.pool.connect();
      try {
        await client.query('begin');
        const result = await work({ run: (statement, values) => query(client, statement, values) });
        await client.query('commit');
        client.release();
        return result;
      } catch (error) {
        await abandon(client);
        throw error;
      }
    });
  }

  private get pool(): Pool {
    return (this.connected ??= surviving(poolOf(this.dataSource)));
  }
}

/** `master` is the pg pool of TypeORM's PostgreSQL driver; the driver does not declare it on its interface. */
function poolOf(dataSource: DataSource): Pool {
  const driver: unknown = dataSource.driver;
  if (typeof driver === 'object' && driver !== null && 'master' in driver) return driver.master as Pool; // TypeORM: PostgresDriver.master is the pg.Pool
  throw new Error('the data source is not connected to PostgreSQL');
}

async function query<Row>(
  target: Pool | PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const result = await target.query({ name: statement.name, text: statement.text, values: [...values] });
  return result.rows as Row[]; // the caller states the row shape beside the SQL text that produces it
}

/** A connection whose rollback fails is not returned to the pool. */
async function abandon(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}

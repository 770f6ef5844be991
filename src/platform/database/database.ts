import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { ConflictRetry } from './conflict-retry.js';
import type { Runner, Statement } from './statement.js';

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
      // The pool listens to idle connections only: without a listener, one that breaks now would end the process.
      client.on('error', brokenConnection);
      try {
        await client.query('begin');
        const result = await work({ run: (statement, values) => query(client, statement, values) });
        await client.query('commit');
        release(client);
        return result;
      } catch (error) {
        await abandon(client);
        throw error;
      }
    });
  }

  /** `master` is the pg pool of TypeORM's PostgreSQL driver; the driver does not declare it on its interface. */
  private get pool(): Pool {
    const driver: unknown = this.dataSource.driver;
    if (typeof driver === 'object' && driver !== null && 'master' in driver) return driver.master as Pool; // TypeORM: PostgresDriver.master is the pg.Pool
    throw new Error('the data source is not connected to PostgreSQL');
  }
}

async function query<Row>(
  target: Pool | PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const result = await target.query({ name: statement.name, text: statement.text, values: [...values] });
  return result.rows as Row[]; // the caller states the row shape beside the SQL text that produces it
}

/** Nothing to do: the next statement on it fails with the same error, and the pool drops it when it is released. */
function brokenConnection(): void {}

function release(client: PoolClient, error?: Error | true): void {
  client.off('error', brokenConnection);
  client.release(error);
}

/** A connection whose rollback fails is not returned to the pool. */
async function abandon(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    release(client);
  } catch (error) {
    release(client, error instanceof Error ? error : true);
  }
}

import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { Sealing } from '../sealing/sealing.js';
import { ConflictRetry } from './conflict-retry.js';
import { beginning, inTransaction, type SessionSettings } from './pool.js';

/** One SQL text with a stable name; PostgreSQL prepares it once per connection under that name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs statements: the database (each one its own transaction) or an open transaction. */
export interface Runner {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/**
 * Runs named statements on a pool of `openPool`.
 *
 * TypeORM's `query()` cannot send a statement name, and without a name PostgreSQL parses and plans the same text again
 * on every call. Values of `numeric` and `bigint` arrive as strings, `timestamptz` as `Date`, `bytea` as `Buffer`.
 */
@Injectable()
export class Database implements Runner {
  /** Personal data is sealed and opened with the keys of this database; none are held until `DataKeys` has read them. */
  readonly sealing = new Sealing();
  private readonly retry = new ConflictRetry();

  /**
   * @param perTransaction what each transaction is set to, where a pooler may give every transaction another connection;
   *   absent: connections are ours, and keep what they are set to and the names of statements
   */
  constructor(
    readonly pool: Pool,
    private readonly perTransaction?: SessionSettings,
  ) {}

  /** Whether connections are ours from one transaction to the next. */
  get keepsSession(): boolean {
    return this.perTransaction === undefined;
  }

  /** One statement is one transaction; it is run again when PostgreSQL broke a deadlock or a serialization tie. */
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    if (!this.keepsSession) return this.transaction((transaction) => transaction.run(statement, values));
    return this.retry.run(() => query<Row>(this.pool, statement, values));
  }

  /**
   * Runs `work` in one transaction, the whole of it again after a deadlock or serialization failure.
   * No HTTP and no queue call may happen inside: they would hold a connection and cannot be rolled back.
   */
  transaction<T>(work: (transaction: Runner) => Promise<T>): Promise<T> {
    const begin = this.perTransaction === undefined ? 'begin' : beginning(this.perTransaction);
    const named = ({ name, text }: Statement) => (this.keepsSession ? { name, text } : { text });
    return this.retry.run(() =>
      inTransaction(this.pool, begin, (client) =>
        work({ run: (statement, values) => query(client, named(statement), values) }),
      ),
    );
  }
}

async function query<Row>(
  target: Pool | PoolClient,
  statement: { readonly name?: string; readonly text: string },
  values: readonly unknown[],
): Promise<Row[]> {
  const result = await target.query({ ...statement, values: [...values] });
  return result.rows as Row[]; // the caller states the row shape beside the SQL text that produces it
}

import { Readable } from 'node:stream';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { DatabaseSettings } from './database.settings.js';
import { AS_WRITTEN, beginning, inTransaction, openPool, type SessionSettings } from './pool.js';

/** The text of one query and its values; it has no name, so PostgreSQL does not keep it prepared. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** `pg` takes a limit of one statement by the client's clock, and does not declare it. */
interface TimedQuery extends pg.QueryConfig {
  readonly query_timeout: number;
}

/** The cost at which a query is stopped. */
const READING_LIMIT_MS = 10_000;
/** A reader that takes no rows for so long loses its snapshot; it would keep dead rows from being cleared away. */
const IDLE_LIMIT_MS = 120_000;
/** What the client waits beyond the server's limit before it takes a connection for silent. */
const SILENCE_AFTER_MS = 2_000;
const ROWS_AT_ONCE = 500;

/**
 * What each question begins with: its transaction alone, because a pooler may hand the connection on after it. Random pages cost little on the disks of today; with PostgreSQL's
 * own default it walks a whole table in order of time rather than use the index that knows the few rows asked for. A page is
 * found sooner than workers are started, and their processors are wanted by the service's work.
 */
const READING: SessionSettings = {
  ...AS_WRITTEN,
  statement_timeout: String(READING_LIMIT_MS),
  idle_in_transaction_session_timeout: String(IDLE_LIMIT_MS),
  random_page_cost: '1.1',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
};
const BEGIN_READING = beginning(READING, 'isolation level read committed read only');

/**
 * Connections for operators' reads: few, read-only and with a time limit, apart from those of the service's work, so
 * that no search can take a connection from it. They may lead to a replica, which lags: nothing that decides anything
 * is read here.
 */
@Injectable()
export class ReadingPool implements OnApplicationShutdown {
  readonly pool: pg.Pool;

  constructor({ url, readingUrl, readingPoolSize }: DatabaseSettings) {
    this.pool = openPool(readingUrl ?? url ?? '', {
      name: 'reading',
      max: readingPoolSize,
      session: {},
      silenceMs: READING_LIMIT_MS + SILENCE_AFTER_MS,
    });
  }

  async run<Row>({ text, values }: Query): Promise<Row[]> {
    const ask = (client: pg.PoolClient) => client.query({ text, values: [...values] });
    const result = await inTransaction(this.pool, BEGIN_READING, ask);
    return result.rows as Row[]; // the caller states the row shape beside the SQL text that produces it
  }

  /**
   * For several queries of one state of the rows; the caller closes it.
   *
   * @param limitMs what each statement may take, in place of `READING_LIMIT_MS`
   */
  openSnapshot(limitMs: number): Promise<SnapshotReader> {
    return SnapshotReader.open(this.pool, limitMs);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

/** One connection that sees the rows as they were when it was opened. */
export class SnapshotReader {
  static async open(pool: pg.Pool, limitMs: number): Promise<SnapshotReader> {
    const client = await pool.connect();
    const reader = new SnapshotReader(pool, client, Math.round(limitMs) + SILENCE_AFTER_MS);
    client.on('error', reader.onError);
    try {
      const limit = { ...READING, statement_timeout: String(Math.round(limitMs)) };
      await client.query(beginning(limit, 'isolation level repeatable read read only'));
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      reader.pid = rows[0]?.pid;
      return reader;
    } catch (error) {
      reader.release(error instanceof Error ? error : true);
      throw error;
    }
  }

  private pid: number | undefined;
  private broken: Error | undefined;
  private isClosed = false;
  private stream: Readable | undefined;
  /** The statement under way fails by itself. */
  private readonly onError = (error: Error): void => {
    this.broken = error;
  };

  private constructor(
    private readonly pool: pg.Pool,
    private readonly client: pg.PoolClient,
    private readonly silenceMs: number,
  ) {}

  async run<Row>({ text, values }: Query): Promise<Row[]> {
    const result = await this.ask<pg.QueryResultRow>(text, values);
    return result.rows as Row[]; // as above
  }

  /**
   * Rows as they are taken: the server makes the next ones only when these are used up. Each part is a statement of its
   * own, because the time limit of one would also count how long the reader takes.
   */
  rows(query: Query): Readable {
    this.stream = Readable.from(this.parts(query), { highWaterMark: ROWS_AT_ONCE });
    return this.stream;
  }

  private async *parts({ text, values }: Query): AsyncGenerator<unknown> {
    // All of them are wanted; by itself the server would choose the way that is quickest to the first ones.
    await this.client.query('set local cursor_tuple_fraction = 1');
    await this.ask(`declare rows no scroll cursor for ${text}`, values);
    for (;;) {
      const { rows } = await this.ask<Record<string, unknown>>(`fetch ${ROWS_AT_ONCE} from rows`);
      yield* rows;
      if (rows.length < ROWS_AT_ONCE) return;
    }
  }

  private ask<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
    const query: TimedQuery = { text, values: [...values], query_timeout: this.silenceMs };
    return this.client.query<Row>(query);
  }

  /** Ends the transaction, and a statement that still runs for it. May be called more than once. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.stream !== undefined && !this.stream.readableEnded) return this.abandon();
    if (this.broken !== undefined) return this.release(this.broken);
    try {
      await this.client.query('rollback');
      this.release(false);
    } catch (error) {
      this.release(error instanceof Error ? error : true);
    }
  }

  /** A server does not notice that its client is gone while it sorts a million rows, so it is told to stop. */
  private async abandon(): Promise<void> {
    this.release(true);
    try {
      await this.pool.query('select pg_cancel_backend($1)', [this.pid]);
    } catch {
      // It ends by its own time limit then.
    }
  }

  /** @param fault why the connection is not used again */
  private release(fault: Error | boolean): void {
    this.client.off('error', this.onError);
    this.client.release(fault);
  }
}

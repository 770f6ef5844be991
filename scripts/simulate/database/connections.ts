import pg from 'pg';
import type { Statement } from '../../../src/platform/database/statement.js';
import { EPOCH_MS, realDelay } from '../engine/virtual-globals.js';

export interface Connection {
  readonly client: pg.Client;
  readonly pid: number;
}

/** How long the real server gets before it is asked whether a statement waits for a lock. */
const LOOK_AFTER_MS = 3;

/** Sessions of the real database: some for the simulated processes, and one of our own to set the clock and to look. */
export class Connections {
  private readonly free: Connection[] = [];
  private readonly all: pg.Client[] = [];
  private clockAtMs = -1;

  private constructor(
    private readonly url: string,
    private readonly control: pg.Client,
  ) {}

  static async open(url: string): Promise<Connections> {
    const control = new pg.Client({ connectionString: url });
    await control.connect();
    return new Connections(url, control);
  }

  async take(): Promise<Connection> {
    const known = this.free.pop();
    if (known) return known;
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    this.all.push(client);
    // One plan for every call: a plan that changes after some calls could change the order of rows.
    const { rows } = await client.query<{ pid: number }>(
      `select set_config('plan_cache_mode', 'force_generic_plan', false), pg_backend_pid() as pid`,
    );
    return { client, pid: rows[0]?.pid ?? 0 };
  }

  giveBack(connection: Connection): void {
    this.free.push(connection);
  }

  /** Looks at what is committed, past every simulated process. */
  async look<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.control.query<Row>(text, [...values])).rows;
  }

  async setClock(nowMs: number): Promise<void> {
    if (nowMs === this.clockAtMs) return;
    this.clockAtMs = nowMs;
    const now = new Date(EPOCH_MS + nowMs);
    await this.control.query({ name: 'clock', text: 'update sim_clock set now = $1', values: [now] });
  }

  /** Throws away all rows of an earlier history. */
  async clear(): Promise<void> {
    this.clockAtMs = -1;
    await this.control.query(`
      do $$ begin
        execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') || ' restart identity cascade'
          from pg_tables where schemaname = 'public' and tablename not in ('migrations', 'sim_clock', 'decode_pause'));
      end $$;
      update decode_pause set until = 'epoch'`);
  }

  /** True when it has ended, one way or the other; false when it waits for a lock of another session. */
  async endsOrWaits(connection: Connection, query: Promise<unknown>): Promise<boolean> {
    let ended = false;
    const end = query.then(
      () => (ended = true),
      () => (ended = true),
    );
    for (;;) {
      await Promise.race([end, realDelay(LOOK_AFTER_MS)]);
      if (ended) return true;
      const [row] = await this.look<{ waits: boolean }>(
        `select cardinality(pg_blocking_pids($1)) > 0 as waits`,
        [connection.pid],
      );
      if (row?.waits === true) return false;
    }
  }

  async cancelQuery(connection: Connection): Promise<void> {
    await this.look('select pg_cancel_backend($1)', [connection.pid]);
  }

  async close(): Promise<void> {
    await Promise.all([this.control, ...this.all].map((client) => client.end()));
  }
}

export async function runOn(
  { client }: Connection,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<unknown[]> {
  const result = await client.query<Record<string, unknown>>({ name, text, values: [...values] });
  return result.rows;
}

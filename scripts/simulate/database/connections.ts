import pg from 'pg';
import type { Statement } from '../../../src/platform/database/database.js';
import { EPOCH_MS, realDelay } from '../engine/virtual-globals.js';

export interface Connection {
  readonly client: pg.Client;
  readonly pid: number;
  /** Whether it has changed a row since it was taken. */
  hasChanged: boolean;
}

/** The notice of the database to a session that has changed a row. */
export const ROW_CHANGED = 'a row has changed';

/**
 * To truncate all tables takes longer than most histories and has every statement planned anew; deleted rows stay in
 * the way of those that come after them.
 */
const TRUNCATE_EVERY = 20;

/** How long the real server may take before the simulation checks whether a statement waits for a lock, in ms. */
const LOOK_AFTER_MS = 3;

/**
 * Sessions of the real database: some for the simulated processes, and one of our own to set the clock and to check.
 */
export class Connections {
  private free: Connection[] = [];
  private all: Connection[] = [];
  /** The names of the prepared statements that are run again and again. */
  private readonly looks = new Map<string, string>();
  private clockAtMs = -1;
  private clears = 0;

  private constructor(
    private readonly url: string,
    private readonly control: pg.Client,
  ) {}

  static async open(url: string): Promise<Connections> {
    const control = new pg.Client({ connectionString: url });
    // When one history ends with an error the server is stopped under the others, and that error is the one to be told.
    control.on('error', () => undefined);
    await control.connect();
    return new Connections(url, control);
  }

  async take(): Promise<Connection> {
    const connection = this.free.pop() ?? (await this.connect());
    connection.hasChanged = false;
    return connection;
  }

  giveBack(connection: Connection): void {
    this.free.push(connection);
  }

  /** Reads committed rows, without any simulated process. */
  async look<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const name = this.looks.get(text) ?? `look_${this.looks.size}`;
    this.looks.set(text, name);
    return (await this.control.query<Row>({ name, text, values: [...values] })).rows;
  }

  /** Statements of the simulation's own, one or several. */
  async change(text: string): Promise<void> {
    await this.control.query(text);
  }

  /** Sets the clock for the next statement on this connection, without waiting in between. */
  setClock({ client }: Connection, nowMs: number): void {
    if (nowMs === this.clockAtMs) return;
    this.clockAtMs = nowMs;
    const query = { name: 'sim_clock', text: `select setval('sim_clock', $1)`, values: [EPOCH_MS + nowMs] };
    // Fails only in a transaction that has failed already, where the next statement is not run either.
    void client.query(query).catch(() => (this.clockAtMs = -1));
  }

  /** Deletes all rows of an earlier history, and whatever it left open when it broke a guarantee. */
  async clear(): Promise<void> {
    this.clockAtMs = -1;
    this.clears += 1;
    const left = this.all.filter((connection) => !this.free.includes(connection));
    this.all = this.free;
    this.free = [...this.all];
    await this.look('select pg_terminate_backend(pid, 5000) from unnest($1::int[]) pid', [
      left.map(({ pid }) => pid),
    ]);
    await this.change(`
      set session_replication_role = replica;
      do $$ declare t text; begin
        for t in select quote_ident(tablename) from pg_tables where schemaname = 'public'
            and tablename not in ('migrations', 'decode_pause', 'decode_budget', 'record_watch') loop
          execute (${this.clears % TRUNCATE_EVERY === 0 ? "'truncate ' || t || ' cascade'" : "'delete from ' || t"});
        end loop;
        perform setval(oid::regclass, 1, false) from pg_class where relkind = 'S' and relname <> 'sim_clock';
      end $$;
      set session_replication_role = origin;
      update decode_pause set until = 'epoch';
      update decode_budget set free_at = 'epoch';
      update record_watch set place = null, seen_at = null, ask_until = 'epoch'`);
  }

  /** True when it has ended, with or without an error; false when it waits for a lock of another session. */
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
    await Promise.all([this.control, ...this.all.map(({ client }) => client)].map((client) => client.end()));
  }

  private async connect(): Promise<Connection> {
    const client = new pg.Client({ connectionString: this.url, pipeline: true });
    // Only a session that a broken history left open is ended from outside.
    client.on('error', () => undefined);
    await client.connect();
    // One plan for every call: a plan that changes after some calls could change the order of rows.
    const { rows } = await client.query<{ pid: number }>(
      `select set_config('plan_cache_mode', 'force_generic_plan', false), pg_backend_pid() as pid`,
    );
    const connection = { client, pid: rows[0]?.pid ?? 0, hasChanged: false };
    client.on('notice', ({ message }) => {
      if (message === ROW_CHANGED) connection.hasChanged = true;
    });
    this.all.push(connection);
    return connection;
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

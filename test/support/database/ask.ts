import { Client, Pool, type PoolClient } from 'pg';

/** A connection costs more than ten times as much as a query; so it stays open for the next one for a moment. */
const IDLE_MS = 500;
/** More than any test runs at once: some queries wait for a lock that the next one releases. */
const AT_ONCE = 100;

const pools = new Map<string, Pool>();

/** One query, outside of the service; it must leave nothing behind in its session. */
export async function ask<Row>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  // The caller names the columns in the same line as the row type.
  const { rows } = await poolFor(url).query(text, [...values]);
  return rows as Row[];
}

/** One query over a connection of its own: where a test ends the server, an open one might only report that end. */
export async function askAnew<Row>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(text, [...values]);
    return rows as Row[]; // as above
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Several statements of one session, which must leave nothing behind in it either. */
export async function inSession(url: string, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await poolFor(url).connect();
  try {
    await work(client);
  } finally {
    client.release();
  }
}

function poolFor(url: string): Pool {
  const kept = pools.get(url);
  if (kept !== undefined) return kept;
  const pool = new Pool({
    connectionString: url,
    max: AT_ONCE,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
  });
  // Some tests are about a server that ends under the connection; the query itself still fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('remove', () => {
    if (pool.totalCount === 0) pools.delete(url);
  });
  pools.set(url, pool);
  return pool;
}

export interface ServerProcesses {
  readonly keeperPid: number;
  readonly postmasterPid: number;
}

export async function processesOf(url: string): Promise<ServerProcesses> {
  const [row] = await askAnew<ServerProcesses>(
    url,
    `SELECT current_setting('embedded.keeper_pid')::int AS "keeperPid",
            split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS "postmasterPid"`,
  );
  if (row === undefined) throw new Error('the server does not say who keeps it');
  return row;
}

import { Client } from 'pg';

/** One question over a connection of its own. */
export async function ask<Row>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  // A server that ends under the connection is what some tests are about; the query itself still fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // The caller names the columns in the same line as the row type.
    const { rows } = await client.query(text, [...values]);
    return rows as Row[];
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface ServerProcesses {
  readonly keeperPid: number;
  readonly postmasterPid: number;
}

export async function processesOf(url: string): Promise<ServerProcesses> {
  const [row] = await ask<ServerProcesses>(
    url,
    `SELECT current_setting('embedded.keeper_pid')::int AS "keeperPid",
            split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS "postmasterPid"`,
  );
  if (row === undefined) throw new Error('the server does not say who keeps it');
  return row;
}

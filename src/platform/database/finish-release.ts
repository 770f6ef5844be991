import type pg from 'pg';
import { NEEDED_BEFORE, PACKING_WORDS } from '../../../migrations/release-steps.js';
import { connectChecked } from './checked-connection.js';

/** What is there that only the version before needs. */
export async function neededBefore(url: string): Promise<string[]> {
  return withClient(url, found);
}

/**
 * Drops it, an index at a time and beside the writers; each drop waits for the statements that use the index. Data keys that
 * are made afterwards pack what they seal, which the version before cannot read.
 *
 * @returns what was there
 */
export function dropNeededBefore(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const names = await found(client);
    await client.query(`set statement_timeout = '0'`);
    for (const name of names) await client.query(`drop index concurrently if exists ${name}`);
    await client.query('update data_sealing set words = $1 where words is null', [
      Buffer.from(PACKING_WORDS),
    ]);
    return names;
  });
}

async function found(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select name from unnest($1::text[]) name where to_regclass(name) is not null',
    [[...NEEDED_BEFORE]],
  );
  return rows.map(({ name }) => name);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectChecked(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

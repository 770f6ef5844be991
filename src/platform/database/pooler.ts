import type pg from 'pg';
import { SettingsError } from '../config/load-settings.js';
import { connectChecked } from './checked-connection.js';
import type { DatabaseSettings } from './database.settings.js';

/** A pooler that is busy with others may give the same connection twice by chance, but not so often. */
const ROUNDS = 5;

/**
 * Whether a connection keeps its session from one transaction to the next: it does unless a pooler in transaction mode
 * stands in between. There settings of a session, names of prepared statements, `listen` and locks of a session are lost,
 * or left to somebody else.
 *
 * A pooler tells its own number for a connection and not that of the server's process. In transaction mode two
 * connections that are open at the same time then meet the same process.
 *
 * @throws SettingsError when there is no database to work on at that address
 */
export async function keepsSession(url: string, setting = 'DATABASE_URL'): Promise<boolean> {
  const one = await connectChecked(url, setting);
  try {
    const process = await serverProcessOf(one);
    if (process === clientNumberOf(one)) return true;
    const other = await connectChecked(url, setting);
    try {
      return await areTheirOwn(process, one, other);
    } finally {
      await other.end();
    }
  } finally {
    await one.end();
  }
}

/** An address, and the setting that gave it. */
export interface NamedAddress {
  readonly url: string;
  readonly setting: 'DATABASE_URL' | 'DATABASE_DIRECT_URL';
}

/** Where the schema is changed: beside a pooler, where there is a way. */
export function migrationAddress(url: string, directUrl: string | undefined): NamedAddress {
  return directUrl === undefined
    ? { url, setting: 'DATABASE_URL' }
    : { url: directUrl, setting: 'DATABASE_DIRECT_URL' };
}

/**
 * Where queues in PostgreSQL are reached, which need a connection of their own to listen on.
 *
 * @param keeps whether connections to `url` keep their session
 * @throws SettingsError when there is no such way
 */
export async function queueAddress(
  { url = '', directUrl }: Pick<DatabaseSettings, 'url' | 'directUrl'>,
  keeps: boolean,
): Promise<string> {
  if (directUrl !== undefined && (await keepsSession(directUrl, 'DATABASE_DIRECT_URL'))) return directUrl;
  if (directUrl === undefined && keeps) return url;
  const name = directUrl === undefined ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL';
  const rule =
    'leads through a pooler in transaction mode, where queues in PostgreSQL cannot listen; set DATABASE_DIRECT_URL to an address without it, or REDIS_URL';
  throw new SettingsError([{ name, rule }]);
}

async function areTheirOwn(process: number, one: pg.Client, other: pg.Client): Promise<boolean> {
  const others = await serverProcessOf(other);
  if (others === process) return false;
  for (let round = 0; round < ROUNDS; round += 1) {
    if ((await serverProcessOf(one)) !== process) return false;
    if ((await serverProcessOf(other)) !== others) return false;
  }
  return true;
}

async function serverProcessOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/** What the other side gave to cancel with; `pg` keeps it and does not declare it. */
function clientNumberOf(client: pg.Client): number | undefined {
  return (client as { readonly processID?: number }).processID; // pg: Client._handleBackendKeyData
}

import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client } from 'pg';
import { isAlive } from './is-alive.js';
import { OWNER_LOCK, ownerIn } from './ownership.js';
import { type PidFile, readPidFile } from './pid-file.js';
import { type ServerHome } from './server-home.js';
import { KEEPER_PID_SETTING } from './server-flags.js';
import { leave, openSession } from './server-session.js';

/** The state of a server that may already run on our data directory. */
export type ServerSight =
  /** No server. */
  | { readonly state: 'none' }
  /** The pid file names a process that is not a server on this data directory. */
  | { readonly state: 'foreign'; readonly pidFile: PidFile }
  /** It runs, and a session holds the owner's lock. */
  | { readonly state: 'owned'; readonly ownerPid: number }
  /** It runs, and nobody holds the lock: its keeper has not come to it yet, or is dead. */
  | { readonly state: 'unowned'; readonly keeperPid: number; readonly postmasterPid: number }
  /** It is starting up, shutting down, or does not answer. */
  | { readonly state: 'unsettled' };

const LOOK_LIMIT_MS = 5_000;

export async function lookAtServer(home: ServerHome, password: string): Promise<ServerSight> {
  const pidFile = await readPidFile(home.dataDirectory);
  if (pidFile === undefined) return { state: 'none' };
  // PostgreSQL takes over the file of a dead process by itself.
  if (pidFile.pid !== undefined && !isAlive(pidFile.pid)) return { state: 'none' };
  if (pidFile.port === undefined) return { state: 'foreign', pidFile };
  const attempt = await openSession({
    port: pidFile.port,
    password,
    applicationName: 'start',
    queryLimitMs: LOOK_LIMIT_MS,
  });
  if (attempt.outcome === 'refused' || attempt.outcome === 'stranger') return { state: 'foreign', pidFile };
  if (attempt.outcome !== 'connected') return { state: 'unsettled' };
  try {
    if (!(await servesDirectory(attempt.client, home))) return { state: 'foreign', pidFile };
    return await sightOf(attempt.client);
  } catch {
    // The server went away between two queries, or does not answer.
    return { state: 'unsettled' };
  } finally {
    await leave(attempt.client);
  }
}

/**
 * Whether the server works on this very directory. Its name proves nothing: a copied folder brings the original's
 * pid file and password along, a moved one keeps its server. A file that the server can see proves it.
 */
async function servesDirectory(client: Client, home: ServerHome): Promise<boolean> {
  const name = `sign-${randomUUID()}`;
  const file = join(home.dataDirectory, name);
  await writeFile(file, '', { mode: 0o644 });
  try {
    const { rows } = await client.query<{ isSeen: boolean }>(
      'SELECT (pg_stat_file($1, true)).size IS NOT NULL AS "isSeen"',
      [name],
    );
    return rows[0]?.isSeen === true;
  } finally {
    await rm(file, { force: true });
  }
}

interface SightRow {
  readonly holder: string | null;
  readonly keeperPid: string | null;
  readonly postmasterPid: string;
}

async function sightOf(client: Client): Promise<ServerSight> {
  const { rows } = await client.query<SightRow>(
    `SELECT (SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
              WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1 LIMIT 1) AS "holder",
            current_setting($2, true) AS "keeperPid",
            split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS "postmasterPid"`,
    [OWNER_LOCK, KEEPER_PID_SETTING],
  );
  const row = rows[0];
  if (row === undefined) return { state: 'unsettled' };
  const ownerPid = ownerIn(row.holder ?? '');
  if (ownerPid !== undefined) return { state: 'owned', ownerPid };
  return {
    state: 'unowned',
    keeperPid: Number(row.keeperPid ?? 0),
    postmasterPid: Number(row.postmasterPid),
  };
}

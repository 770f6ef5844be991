import type { Pool, PoolClient } from 'pg';
import { sqlStateOf } from './conflict-retry.js';

/** Nothing to do: the next statement on it fails with the same error, and the pool drops it. */
function brokenConnection(): void {}

/**
 * Keeps a connection that breaks from ending the process. The pool listens to idle ones only, and code that takes one
 * with `await pool.connect()` can listen only a moment later; the end of a connection may stand in the very packet that
 * made it ready.
 */
export function surviving(pool: Pool): Pool {
  pool.on('error', brokenConnection);
  pool.on('acquire', (client) => {
    if (client.listenerCount('error', brokenConnection) === 0) client.on('error', brokenConnection);
  });
  dropLost(pool);
  return pool;
}

/** The server takes no writes any more: it is a standby now, and another one was promoted. */
const READ_ONLY = '25006';

/**
 * Whether a statement failed in a way that speaks against its connection: no answer came, for which `pg` has no code, or
 * the server has become a standby.
 */
export function isLost(error: unknown): error is Error {
  return (
    error instanceof Error && (error.message === 'Query read timeout' || sqlStateOf(error) === READ_ONLY)
  );
}

/**
 * Where one connection is lost the others that were idle meanwhile most likely are too, as behind a proxy that has
 * forgotten them. Each would be found out by a statement that fails, so they are all replaced.
 */
function dropLost(pool: Pool): void {
  const idle = new Set<PoolClient>();
  pool.on('acquire', (client) => idle.delete(client));
  pool.on('remove', (client) => idle.delete(client));
  pool.on('release', (error, client) => {
    if (!isLost(error)) {
      idle.add(client);
      return;
    }
    // The pool gives up an idle connection that reports an error.
    for (const other of idle) other.emit('error', error);
    idle.clear();
  });
}

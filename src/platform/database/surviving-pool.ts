import type { Pool, PoolClient } from 'pg';

/** Nothing to do: the next statement on it fails with the same error, and the pool drops it. */
function brokenConnection(): void {}

/**
 * Keeps a connection that breaks from ending the process. The pool listens to idle ones only, and whoever takes one with
 * `await pool.connect()` can listen only a moment later; the end of a connection may stand in the very packet that made it ready.
 */
export function surviving(pool: Pool): Pool {
  pool.on('error', brokenConnection);
  pool.on('acquire', (client) => {
    if (client.listenerCount('error', brokenConnection) === 0) client.on('error', brokenConnection);
  });
  dropSilent(pool);
  return pool;
}

/** Whether a statement got no answer at all; `pg` gives this no code. */
export function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout';
}

/**
 * Where one connection has gone silent the others that were idle meanwhile have most likely too, as behind a proxy that
 * has forgotten them. Each would be found out by a statement that waits in vain, so they are all replaced.
 */
function dropSilent(pool: Pool): void {
  const idle = new Set<PoolClient>();
  pool.on('acquire', (client) => idle.delete(client));
  pool.on('remove', (client) => idle.delete(client));
  pool.on('release', (error, client) => {
    if (!isSilence(error)) {
      idle.add(client);
      return;
    }
    // The pool gives up an idle connection that reports an error.
    for (const other of idle) other.emit('error', error);
    idle.clear();
  });
}

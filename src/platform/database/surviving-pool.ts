import type { Pool } from 'pg';

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
  return pool;
}

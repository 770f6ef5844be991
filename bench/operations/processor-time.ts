import { readFileSync } from 'node:fs';
import type { Query } from '../../src/platform/database/reading-pool.js';

/** Asks on the one connection whose processor time is wanted. */
export type Ask = (query: Query) => Promise<readonly { readonly pid: number }[]>;

/**
 * How long work kept a processor busy: this process and the database's own for the connection. On a machine that has
 * other work, that is what it would take by the clock if it had none. Only where the server is on this machine and
 * Linux tells it (`/proc/<pid>/schedstat`).
 */
export async function processorClock(ask: Ask): Promise<(() => number) | undefined> {
  const [server] = await ask({ text: 'select pg_backend_pid() as pid', values: [] });
  const ofServer = (): number => {
    const [nanoseconds] = readFileSync(`/proc/${server?.pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  };
  const ofThis = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3;
  };
  try {
    const isTold = ofServer() > 0;
    return isTold ? () => ofServer() + ofThis() : undefined;
  } catch {
    return undefined;
  }
}

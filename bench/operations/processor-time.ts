import { readFileSync } from 'node:fs';
import type { Query } from '../../src/platform/database/reading-pool.js';

/** Runs a query on the one connection whose processor time is measured. */
export type Ask = (query: Query) => Promise<readonly { readonly pid: number }[]>;

/**
 * The processor time of work: of this process and of the database's own process for the connection. On a busy machine
 * it is the elapsed time that the work would have on an idle one. Only where the server is on this machine and Linux
 * reports it (`/proc/<pid>/schedstat`).
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

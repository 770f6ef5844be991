/**
 * A process of its own that keeps a PostgreSQL server for the program that started it, and ends it when that program
 * asks, ends or is killed: the operating system closes the channel between the two however the program ends.
 * It stands in a session of its own, so that Ctrl-C reaches the program alone and finds its database still there.
 */
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { claimServer } from './claim-server.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { ensureCluster } from './initialise-cluster.js';
import { type KeeperReport, type KeeperTask, GAVE_UP, STOP, parseTask } from './keeper-messages.js';
import { EMBEDDED_DATABASE } from './ownership.js';
import { type ServerHome, settleHome } from './server-home.js';
import { urlOf } from './server-session.js';

const stop = new AbortController();
process.once('disconnect', () => stop.abort());
process.on('message', (message) => {
  if (message === STOP) stop.abort();
});
// A signal to the whole process group is meant for the program; it stops us when it no longer needs its database.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
if (!process.connected) stop.abort();

try {
  await keep(parseTask(process.argv[2]), stop.signal);
} catch (error) {
  const isTold = error instanceof EmbeddedPostgresError && error.code === 'CANNOT_STOP';
  if (!stop.signal.aborted || isTold) {
    const code = error instanceof EmbeddedPostgresError ? error.code : 'CANNOT_START';
    await tell({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
    process.exitCode = GAVE_UP;
  }
} finally {
  if (process.connected) process.disconnect();
}
// Timers of waits that are over would keep the process alive for nothing.
process.exit();

async function keep(task: KeeperTask, signal: AbortSignal): Promise<void> {
  const log = (message: string): void => void tell({ kind: 'log', message });
  const step = (message: string): void => void tell({ kind: 'step', message });
  step('settling where the data goes');
  const home = await settleHome(task.dataDirectory, log);
  step(`preparing ${home.dataDirectory}`);
  const password = await ensureCluster({ home, durable: task.durable, signal, log });
  const claim = { home, password, ownerPid: task.ownerPid, durable: task.durable, signal, log };
  step(`starting the server on ${home.dataDirectory}`);
  let server = await claimServer({ ...claim, port: undefined });
  try {
    await tell({ kind: 'ready', url: urlOf(server.port, password, EMBEDDED_DATABASE) });
    for (;;) {
      await Promise.race([stopAsked(signal), server.exited]);
      if (signal.aborted) break;
      log('PostgreSQL ended unexpectedly and is started again');
      server = await claimServer({ ...claim, port: server.port });
    }
  } finally {
    await server.stop().catch(cannotStop);
    if (task.disposable) await dispose(home);
  }
}

function cannotStop(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new EmbeddedPostgresError('CANNOT_STOP', `The embedded PostgreSQL did not stop: ${why}.`);
}

function stopAsked(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function dispose({ wanted, dataDirectory, fallback }: ServerHome): Promise<void> {
  const besides = ['.password', '.log', '.log.previous', '.location'].map(
    (extension) => `${wanted}${extension}`,
  );
  const ours = [dataDirectory, ...besides, ...(fallback === undefined ? [] : [fallback])];
  for (const path of ours) await rm(path, { recursive: true, force: true });
  // Removed only when it is empty, that is, when it was made for this database alone.
  await rmdir(dirname(wanted)).catch(() => undefined);
}

function tell(report: KeeperReport): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) resolve();
    else process.send(report, undefined, undefined, () => resolve());
  });
}

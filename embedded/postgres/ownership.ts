import { setTimeout as sleep } from 'node:timers/promises';
import { type Client } from 'pg';
import { type PostgresServer } from './postgres-server.js';
import { type Login, openSession, strangerAtOwnPort } from './server-session.js';

/** The database the program uses. The lock lives in "postgres", where no lock of the program can meet it. */
export const EMBEDDED_DATABASE = 'mpp';

/** Any constant does: advisory locks of this database are used for nothing else. */
export const OWNER_LOCK = 5432;

export interface OwnershipClaim {
  readonly server: PostgresServer;
  readonly password: string;
  readonly ownerPid: number;
  readonly wanted: string;
  readonly signal: AbortSignal;
}

const ownerName = (pid: number): string => `owner ${pid}`;

export function ownerIn(applicationName: string): number | undefined {
  const found = /^owner (\d+)$/.exec(applicationName)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * Waits until our own server lets us in and takes the lock that tells every other start whose it is. A session lock
 * ends with its holder, however that holder ends. False: the server ended before it was ready.
 */
export async function takeOwnership(claim: OwnershipClaim): Promise<boolean> {
  const client = await enter(claim);
  if (client === undefined) return false;
  await client.query('SELECT pg_advisory_lock($1)', [OWNER_LOCK]);
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [EMBEDDED_DATABASE]);
  if (found.rowCount === 0)
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(EMBEDDED_DATABASE)}`);
  // PostgreSQL ends all sessions when one of its processes crashes, and goes on. The lock has to be taken again.
  client.once('end', () => {
    void takeOwnership(claim).catch(() => undefined);
  });
  return true;
}

async function enter(claim: OwnershipClaim): Promise<Client | undefined> {
  const { server, password, ownerPid, wanted, signal } = claim;
  const login: Login = { port: server.port, password, applicationName: ownerName(ownerPid) };
  while (server.isRunning) {
    signal.throwIfAborted();
    const attempt = await openSession(login);
    if (attempt.outcome === 'connected') return attempt.client;
    if (attempt.outcome === 'stranger' && server.isRunning) throw strangerAtOwnPort(attempt.error, wanted);
    await sleep(20);
  }
  return undefined;
}

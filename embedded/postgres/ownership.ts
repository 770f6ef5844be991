import { setTimeout as sleep } from 'node:timers/promises';
import { type Client } from 'pg';
import { readPidFile } from './pid-file.js';
import { type PostgresServer } from './postgres-server.js';
import { type Login, leave, openSession, strangerAtOwnPort } from './server-session.js';
import { WaitedInVain } from './within.js';

/** The database the program uses. The lock lives in "postgres", where no lock of the program can meet it. */
export const EMBEDDED_DATABASE = 'mpp';

/** Any constant works: this database has no other advisory locks. */
export const OWNER_LOCK = 5432;

export interface OwnershipClaim {
  readonly server: OwnedServer;
  readonly password: string;
  readonly ownerPid: number;
  readonly wanted: string;
  readonly signal: AbortSignal;
  /** Another limit than the usual one, for tests. */
  readonly readyLimitMs?: number;
}

/** The parts of a server that `takeOwnership` needs. */
type OwnedServer = Pick<PostgresServer, 'pid' | 'port' | 'dataDirectory' | 'isRunning'>;

const ownerName = (pid: number): string => `owner ${pid}`;

export function ownerIn(applicationName: string): number | undefined {
  const found = /^owner (\d+)$/.exec(applicationName)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Recovery after a crash and a busy machine take their time; a trial's database is small. */
const READY_LIMIT_MS = 120_000;
/** For the lock, which no other process asks a new server for, and for making the database. */
const QUERY_LIMIT_MS = 30_000;

/**
 * Waits until our own server accepts us, and takes the lock that shows every other start who owns it. A session lock
 * ends with its holder, however that holder ends. False: the server ended before it was ready.
 */
export async function takeOwnership(claim: OwnershipClaim): Promise<boolean> {
  const client = await enter(claim);
  if (client === undefined) return false;
  try {
    await client.query('SELECT pg_advisory_lock($1)', [OWNER_LOCK]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [EMBEDDED_DATABASE]);
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(EMBEDDED_DATABASE)}`);
  } catch (error) {
    await leave(client);
    throw error;
  }
  // PostgreSQL ends all sessions when one of its processes crashes, and goes on. The lock has to be taken again.
  client.once('end', () => {
    void takeOwnership(claim).catch(() => undefined);
  });
  return true;
}

async function enter(claim: OwnershipClaim): Promise<Client | undefined> {
  const { server, password, ownerPid, wanted, signal, readyLimitMs = READY_LIMIT_MS } = claim;
  const login: Login = {
    port: server.port,
    password,
    applicationName: ownerName(ownerPid),
    queryLimitMs: QUERY_LIMIT_MS,
  };
  const giveUpAt = Date.now() + readyLimitMs;
  while (server.isRunning) {
    signal.throwIfAborted();
    if (Date.now() > giveUpAt) throw new WaitedInVain(readyLimitMs, 'the server is ready for connections');
    const attempt = (await hasItsPort(server)) ? await openSession(login) : undefined;
    if (attempt?.outcome === 'connected') return attempt.client;
    if (attempt?.outcome === 'stranger' && server.isRunning) throw strangerAtOwnPort(attempt.error, wanted);
    await sleep(20);
  }
  return undefined;
}

/**
 * The server that answers at our port may be another one: another start may have taken the port between our choice and
 * the bind, and the server of a copied folder has our password too. The lock taken there would never be released.
 */
async function hasItsPort(server: OwnedServer): Promise<boolean> {
  const pidFile = await readPidFile(server.dataDirectory);
  return pidFile !== undefined && pidFile.pid === server.pid && pidFile.isReady;
}

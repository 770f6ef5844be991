import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { SUPERUSER } from './initialise-cluster.js';

export interface Login {
  readonly port: number;
  readonly password: string;
  readonly applicationName: string;
  /** The server, or the machine, may be frozen; none of our queries waits longer. */
  readonly queryLimitMs: number;
}

export type SessionAttempt =
  | { readonly outcome: 'connected'; readonly client: Client }
  /** A server of ours that is starting up or shutting down. */
  | { readonly outcome: 'not-now' }
  /** Nothing listens. */
  | { readonly outcome: 'refused' }
  /** A PostgreSQL is listening that refuses our password. */
  | { readonly outcome: 'stranger'; readonly error: Error }
  /** No answer in time, a cut line, no connection left: nothing can be concluded from it. */
  | { readonly outcome: 'unclear' };

const LEAVE_LIMIT_MS = 1_000;

/** cannot_connect_now, admin_shutdown, crash_shutdown. */
const NOT_NOW = new Set(['57P03', '57P01', '57P02']);
/** invalid_authorization_specification, invalid_password. */
const STRANGER = new Set(['28000', '28P01']);

export async function openSession(login: Login): Promise<SessionAttempt> {
  const client = new Client({
    host: '127.0.0.1',
    port: login.port,
    user: SUPERUSER,
    password: login.password,
    database: 'postgres',
    application_name: login.applicationName,
    // Set here, so that a PGSSLMODE meant for another server does not apply to this one.
    ssl: false,
    connectionTimeoutMillis: 3000,
    query_timeout: login.queryLimitMs,
  });
  // Without a listener the end of the server would end this process; the caller of a query still gets the rejection.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return { outcome: 'connected', client };
  } catch (error) {
    void client.end().catch(() => undefined);
    return classify(error);
  }
}

/** Closes the session without waiting for a server that does not answer. */
export function leave(client: Client): Promise<unknown> {
  const isOver = client.end().catch(() => undefined);
  return Promise.race([isOver, sleep(LEAVE_LIMIT_MS, undefined, { ref: false })]);
}

function classify(error: unknown): SessionAttempt {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return { outcome: 'refused' };
  if (NOT_NOW.has(code)) return { outcome: 'not-now' };
  return error instanceof Error && STRANGER.has(code)
    ? { outcome: 'stranger', error }
    : { outcome: 'unclear' };
}

/** The address for the program's own connections. */
export const urlOf = (port: number, password: string, database: string): string =>
  `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

export const strangerAtOwnPort = (error: Error, wanted: string): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'CANNOT_START',
    `The embedded PostgreSQL started but does not let us in (${error.message}): ` +
      `${wanted}.password and the data directory do not belong together.`,
    { cause: error },
  );

import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { hostsOf } from './hosts.js';
import { clientOfPrimary } from './primary-client.js';
import { TellingPool } from './telling-pool.js';
import { isLost, surviving } from './surviving-pool.js';

/** Settings of PostgreSQL by name, for a connection or for a transaction. */
export type SessionSettings = Readonly<Record<string, string>>;

export interface PoolRules {
  /** Which pool of a process this is: its `application_name`, after the one in the address. */
  readonly name: string;
  /** Connections at most. */
  readonly max: number;
  /** What each connection is set to before it is used; nothing where a pooler may hand it on. */
  readonly session?: SessionSettings;
  /**
   * How long one statement waits for its answer, in ms; absent: as long as it takes. It is more than the server allows a
   * statement, so that what ends by it ended because nobody answers.
   */
  readonly silenceMs?: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;

/**
 * What our statements and `pg` are written for, whatever the server, the database or the role prefers: the form of times,
 * and what a backslash or `= null` means in a text of SQL.
 */
export const AS_WRITTEN: SessionSettings = {
  datestyle: 'ISO, MDY',
  timezone: 'UTC',
  standard_conforming_strings: 'on',
  transform_null_equals: 'off',
};

/**
 * What the service's work is allowed. A statement that waits too long for a locked row fails with "try again", so that
 * it does not keep a connection from all others. A transaction whose process is silent is ended, and its locks with it.
 */
export const LIMITS: SessionSettings = {
  lock_timeout: '3s',
  statement_timeout: '5s',
  idle_in_transaction_session_timeout: '10s',
};
/** More than a statement may take, and little enough that connections gone silent are replaced within ten seconds. */
export const SILENCE_MS = 6_000;

/** For connections of ours: how their transactions begin, and that nobody ends them for being idle. */
const OF_OURS: SessionSettings = {
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  idle_session_timeout: '0',
};

/**
 * The one place that makes a pool of connections; it connects when the first statement comes.
 *
 * Settings of a session are made by a statement after connecting and not by startup parameters (`options`,
 * `statement_timeout`), which a pooler refuses. A connection on which they cannot be made is not used.
 *
 * @example
 * const pool = openPool('postgres://mpp@db.internal/mpp', { name: 'reading', max: 4 });
 */
export function openPool(
  address: string,
  { name, max, session = AS_WRITTEN, silenceMs }: PoolRules,
): pg.Pool {
  const hosts = hostsOf(address);
  const { url, applicationName } = withoutName(hosts.urls[0] ?? address);
  // The pool waits for what it returns; its declaration does not say so.
  const onConnect = (client: pg.ClientBase): unknown => set(client, { ...OF_OURS, ...session });
  const isSet = Object.keys(session).length > 0;
  return surviving(
    new TellingPool({
      connectionString: url,
      application_name: applicationName === undefined ? name : `${applicationName} ${name}`,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      ...(silenceMs === undefined ? {} : { query_timeout: silenceMs }),
      ...(isSet ? { onConnect } : {}),
      ...(hosts.isChoice ? { Client: clientOfPrimary(hosts) } : {}),
    }),
  );
}

/** TypeORM over a pool of ours. Destroying the data source ends the pool. */
export function dataSourceOn(
  pool: pg.Pool,
  options: Pick<PostgresDataSourceOptions, 'entities' | 'migrations'> = {},
): DataSource {
  class Pool {
    constructor() {
      return pool;
    }
  }
  return new DataSource({
    type: 'postgres',
    driver: { Pool },
    poolErrorHandler: () => undefined, // `surviving` has seen to it
    ...options,
  });
}

/**
 * Runs `work` in one transaction that begins with the statement `begin`. A connection that does not answer to the
 * rollback is not used again.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // On one that does not answer a rollback would wait as long again; one to a standby is useless.
    if (isLost(error)) client.release(error);
    else await abandon(client);
    throw error;
  }
}

/** How a transaction of ours sees what others commit, whatever the database or the role prefers. */
const READ_COMMITTED = 'isolation level read committed';

/** The statement that begins a transaction with settings that end with it. */
export function beginning(settings: SessionSettings, mode = READ_COMMITTED): string {
  const each = Object.entries(settings).map(
    ([name, value]) => `; set local ${name} = ${pg.escapeLiteral(value)}`,
  );
  return `begin ${mode}${each.join('')}`;
}

async function abandon(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}

/** One statement for all of them. */
async function set(client: pg.ClientBase, settings: SessionSettings): Promise<void> {
  const entries = Object.entries(settings);
  const calls = entries.map((_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, false)`);
  await client.query(`select ${calls.join(', ')}`, entries.flat());
}

/** `pg` prefers what the address says to what is given beside it. */
function withoutName(address: string): { readonly url: string; readonly applicationName?: string } {
  const [before = '', query = ''] = address.split('?', 2);
  const parameters = new URLSearchParams(query);
  const applicationName = parameters.get('application_name');
  if (applicationName === null) return { url: address };
  parameters.delete('application_name');
  return { url: parameters.size === 0 ? before : `${before}?${parameters.toString()}`, applicationName };
}

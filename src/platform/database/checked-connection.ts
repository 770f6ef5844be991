import { Socket } from 'node:net';
import pg from 'pg';
import { SettingsError } from '../config/load-settings.js';
import { connectionFault } from './connection-fault.js';
import { hostsOf } from './hosts.js';
import { PrimaryFinder } from './primary-finder.js';

const OLDEST_SERVER = 15;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** A pooler may take a connection whose server is away. */
const FIRST_ANSWER_MS = 10_000;

interface ServerRow {
  readonly version: string;
  readonly major: number;
  readonly encoding: string;
  /** A standby, or a database or user whose transactions only read. */
  readonly isReadOnly: boolean;
  /** Whether names are looked for in any schema that is there and may be used. */
  readonly hasSchema: boolean;
  /** Whether triggers and foreign keys are off, as for rows that another server has checked. */
  readonly isUnguarded: boolean;
}

/**
 * A connection to a database this service can work on. The first contact with it: whatever is wrong with the address,
 * the way there or the server is reported as a fault of its setting. Of several hosts it is the one that takes writes;
 * if none does, what is wrong with each of them is told.
 *
 * @throws SettingsError never with the password
 */
export async function connectChecked(url: string, setting = 'DATABASE_URL'): Promise<pg.Client> {
  const hosts = hostsOf(url);
  const primary = hosts.isChoice ? await new PrimaryFinder(hosts).find().catch(() => undefined) : undefined;
  const rules: string[] = [];
  for (const one of primary === undefined ? hosts.urls : [primary.url]) {
    try {
      return await connectTo(one, setting);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      rules.push(...error.faults.map(({ rule }) => rule));
    }
  }
  throw new SettingsError([{ name: setting, rule: rules.join('; it also ') }]);
}

async function connectTo(url: string, setting: string): Promise<pg.Client> {
  const fault = (rule: string, cause?: unknown): SettingsError =>
    new SettingsError([{ name: setting, rule }], { cause });
  const stream = new Socket();
  let client: pg.Client | undefined;
  let server: ServerRow | undefined;
  try {
    client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // The one that holds the lock of a migration is silent for as long as an index takes.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      stream: () => stream,
    });
    // A connection that breaks fails the statement under way; without a listener it would also end the process.
    client.on('error', () => undefined);
    await client.connect();
    server = await serverOf(client);
  } catch (error) {
    // An orderly end would wait for ever for a server that is not PostgreSQL, and keep a script from ending.
    stream.destroy();
    throw fault(connectionFault(error, url, client), error);
  }
  const unfit = unfitness(server, client.database ?? '');
  if (unfit === undefined) return client;
  await client.end();
  throw fault(unfit);
}

async function serverOf(client: pg.Client): Promise<ServerRow | undefined> {
  const text = `select current_setting('server_version') as version,
                       current_setting('server_version_num')::int / 10000 as major,
                       current_setting('server_encoding') as encoding,
                       current_setting('transaction_read_only')::bool as "isReadOnly",
                       current_schema() is not null as "hasSchema",
                       current_setting('session_replication_role') = 'replica' as "isUnguarded"`;
  const query = { text, query_timeout: FIRST_ANSWER_MS };
  const { rows } = await client.query<ServerRow>(query);
  return rows[0];
}

function unfitness(server: ServerRow | undefined, database: string): string | undefined {
  if (!server) return 'does not answer as a PostgreSQL does';
  const { encoding, hasSchema, isReadOnly, isUnguarded, major, version } = server;
  if (major < OLDEST_SERVER) return `names a PostgreSQL ${version}; ${OLDEST_SERVER} or newer is needed`;
  if (encoding !== 'UTF8')
    return `names the database "${database}" with the encoding ${encoding}; UTF8 is needed (create database … encoding 'UTF8' template template0)`;
  if (isReadOnly)
    return 'names a database that takes no writes; give the address of the primary, and a user that may write';
  if (!hasSchema)
    return 'leads to no schema: search_path of the database or the user names none that is there and that the user may use';
  if (isUnguarded)
    return 'has session_replication_role = replica for this database or user, which turns off all triggers and foreign keys; reset it';
  return undefined;
}

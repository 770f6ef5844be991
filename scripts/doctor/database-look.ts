import { MIGRATIONS } from '../../migrations/migrations.js';
import { ClockSettings } from '../../src/platform/clock/clock.settings.js';
import type { LoadedSettings } from '../../src/platform/config/load-settings.js';
import { settingFault } from '../../src/platform/config/setting-file.js';
import { connectChecked } from '../../src/platform/database/checked-connection.js';
import { sqlStateOf } from '../../src/platform/database/conflict-retry.js';
import type { Database } from '../../src/platform/database/database.js';
import { DatabaseSettings } from '../../src/platform/database/database.settings.js';
import { pendingMigrations } from '../../src/platform/database/migrate.js';
import { openDatabase } from '../../src/platform/database/open-named-database.js';
import { migrationAddress, type NamedAddress } from '../../src/platform/database/pooler.js';
import { QueueSettings } from '../../src/platform/queues/queue.settings.js';
import { failureSentence } from '../../command-line/failure-sentence.js';
import { fault, ok, warning, type Finding } from './finding.js';

const PART = 'database';
/** Above this some partners refuse calls, and records are hard to compare. */
const CLOCK_WARNING_MS = 2_000;
const MAY_NOT = '42501';

/** The database at each of its addresses, its schema and rights, and its clock. */
export async function databaseLook(settings: LoadedSettings): Promise<Finding[]> {
  const { url, directUrl, readingUrl } = settings.get(DatabaseSettings);
  if (url === undefined) return [ok(PART, 'none is named: the embedded PostgreSQL of the trial')];
  const database = await openDatabase(url, { name: 'command', max: 2 });
  try {
    const asked = Date.now();
    const [row] = await database.run<{ now: Date; version: string }>(
      {
        name: 'doctor',
        text: `select clock_timestamp() as now, current_setting('server_version') as version`,
      },
      [],
    );
    const skewMs = Math.round(Math.abs((row?.now.getTime() ?? asked) - (asked + Date.now()) / 2));
    if (directUrl !== undefined) await (await connectChecked(directUrl, 'DATABASE_DIRECT_URL')).end();
    return [
      ok(PART, `PostgreSQL ${row?.version ?? ''} answers`),
      ...(await schemaFindings(database, settings, migrationAddress(url, directUrl))),
      ...(readingUrl === undefined ? [] : [await readingFinding(readingUrl)]),
      clockFinding(skewMs, settings.get(ClockSettings).limitMs),
    ];
  } catch (error) {
    if (sqlStateOf(error) !== MAY_NOT) throw error;
    throw settingFault(
      'DATABASE_URL',
      `names a role without its rights: ${failureSentence(error)}; ${GRANTS}`,
    );
  } finally {
    await database.pool.end();
  }
}

const GRANTS = 'docs/roles.sql grants what the service needs';

async function schemaFindings(
  database: Database,
  settings: LoadedSettings,
  { url, setting }: NamedAddress,
): Promise<Finding[]> {
  const { schema, redisUrl } = settings.get(QueueSettings);
  const { migrations } = await pendingMigrations(url, schema, { hasQueues: redisUrl === undefined, setting });
  if (migrations.length > 0)
    return [
      warning(PART, `${migrations.length} migrations are pending; a start or npm run migrate applies them`),
    ];
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const applied = await database.run<{ name: string }>(
    { name: 'doctor_migrations', text: 'select name from migrations' },
    [],
  );
  const newer = applied.filter(({ name }) => !known.has(name)).length;
  const forbidden = await database.run<{ name: string }>(
    {
      name: 'doctor_rights',
      text: `select relname as name from pg_class where relnamespace = to_regnamespace(current_schema())
        and relkind in ('r', 'p') and not relispartition
        and not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')) order by 1`,
    },
    [],
  );
  return [
    newer === 0
      ? ok(PART, 'the schema is up to date')
      : warning(PART, `the schema is of a newer version: this one does not know ${newer} of its migrations`),
    ...(forbidden.length === 0
      ? []
      : [
          fault(
            PART,
            `DATABASE_URL names a role that may not read and write ${forbidden.length} tables, ${forbidden[0]?.name ?? ''} among them; ${GRANTS}`,
          ),
        ]),
  ];
}

async function readingFinding(url: string): Promise<Finding> {
  try {
    const database = await openDatabase(url, { name: 'command', max: 1 });
    await database.pool.end();
    return ok(PART, 'DATABASE_READING_URL answers');
  } catch (error) {
    const told = failureSentence(error).replace(/^DATABASE_URL:? /, '');
    // A replica takes no writes, and has to take none.
    if (/takes no writes/.test(told)) return ok(PART, 'DATABASE_READING_URL answers');
    return fault(PART, `DATABASE_READING_URL ${told}`);
  }
}

function clockFinding(skewMs: number, limitMs: number): Finding {
  const told = `this machine and the database differ by ${skewMs} ms`;
  if (skewMs > limitMs)
    return fault('clocks', `${told}: beyond CLOCK_LIMIT_MS (${limitMs}) no work is taken`);
  return skewMs > CLOCK_WARNING_MS ? warning('clocks', told) : ok('clocks', told);
}

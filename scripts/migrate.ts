import { newCommand, runProgram } from '../command-line/run-command.js';
import { loadSettings } from '../src/platform/config/load-settings.js';
import { dropNeededBefore, neededBefore } from '../src/platform/database/finish-release.js';
import {
  migrateDatabase,
  pendingMigrations,
  type MigrationReport,
} from '../src/platform/database/migrate.js';
import { namedMigrationAddress } from '../src/platform/database/open-named-database.js';
import { QueueSettings } from '../src/platform/queues/queue.settings.js';

const NOTES = `
Every start of the service does the same by itself, unless there is nothing to do: then its role needs no right to
change the schema (docs/roles.sql). With REDIS_URL the queues need no schema. The embedded PostgreSQL is migrated whenever the service starts.
--dry-run needs no right to change anything, and waits for no lock. A migration that is pending is listed in the order
in which it would run.
A release leaves what only the version before reads by, so that it works on beside the new one and may be gone back to.
--finish drops it, beside the writers: each payment costs more until then. Where no order was made yet there is nothing to drop.
Exit codes: 0 done, or with --dry-run listed, whether there is something to do or not; 1 DATABASE_URL is missing, or the
database could not be reached or changed; 2 wrong usage.`;

export const command = newCommand('mpp migrate', 'Brings the database of DATABASE_URL to the newest schema.')
  .option('--dry-run', 'list what it would do, and change nothing')
  .option(
    '--finish',
    'also drop what only the version before needs, when none of its processes will run again',
  )
  .option('--json', 'one JSON document on standard output')
  .addHelpText('after', NOTES)
  .action(async ({ dryRun = false, finish = false, json = false }) => {
    const { url, setting } = namedMigrationAddress(process.env);
    const { schema, redisUrl } = loadSettings([QueueSettings], process.env).get(QueueSettings);
    const hasQueues = redisUrl === undefined;
    const migrated = dryRun
      ? await pendingMigrations(url, schema, { hasQueues, setting })
      : await migrateDatabase(url, schema, { hasQueues, setting, onWait });
    const dropped = finish ? await (dryRun ? neededBefore(url) : dropNeededBefore(url)) : [];
    const report = { ...migrated, ...(finish && { dropped }) };
    if (json) console.log(JSON.stringify({ dryRun, ...report }));
    else console.log(linesOf(report, schema, dryRun).join('\n'));
  });

function onWait(waitedMs: number): void {
  console.error(`waiting for ${Math.round(waitedMs / 1_000)} s: somebody else migrates, or holds a table`);
}

function linesOf({ migrations, queues, dropped = [] }: Report, schema: string, dryRun: boolean): string[] {
  const verb = dryRun ? 'would apply' : 'applied';
  const lines = migrations.map((name) => `${verb} ${name}`);
  if (queues) lines.push(`${verb} queue schema "${schema}" from version ${queues.from} to ${queues.to}`);
  for (const name of dropped) lines.push(`${dryRun ? 'would drop' : 'dropped'} ${name}`);
  return lines.length > 0 ? lines : ['nothing to apply, the schema is up to date'];
}

type Report = MigrationReport & { readonly dropped?: readonly string[] };

await runProgram(import.meta.url, command);

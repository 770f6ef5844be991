import { pathToFileURL } from 'node:url';
import { loadSettings } from '../src/platform/config/load-settings.js';
import { SettingsError } from '../src/platform/config/settings-error.js';
import { DatabaseSettings } from '../src/platform/database/database.settings.js';
import { migrateDatabase } from '../src/platform/database/migrate.js';
import { QueueSettings } from '../src/platform/queues/queue.settings.js';

/** Brings the database of DATABASE_URL to the newest schema, as every start of the service does by itself. */
async function main(): Promise<number> {
  const settings = loadSettings([DatabaseSettings, QueueSettings], process.env);
  const { url } = settings.get(DatabaseSettings);
  if (url === undefined) {
    console.error(
      'DATABASE_URL is not set. The embedded PostgreSQL is migrated whenever the service starts.',
    );
    return 1;
  }
  const { applied } = await migrateDatabase(url, settings.get(QueueSettings).prefix);
  for (const name of applied) console.log(`applied ${name}`);
  if (applied.length === 0) console.log('nothing to apply, the schema is up to date');
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main().catch((error: unknown) => {
    // What the reader can mend comes without a stack.
    console.error(error instanceof SettingsError ? error.message : error);
    return 1;
  });
}

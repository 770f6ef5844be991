import { loadSettings, type Environment, SettingsError } from '../config/load-settings.js';
import { connectChecked } from './checked-connection.js';
import { Database } from './database.js';
import { DatabaseSettings } from './database.settings.js';
import { openPool } from './pool.js';

/**
 * The address in `DATABASE_URL`, for programs that work on a database without the service.
 *
 * @throws SettingsError
 */
export function namedDatabase(environment: Environment): string {
  const { url } = loadSettings([DatabaseSettings], environment).get(DatabaseSettings);
  if (url !== undefined) return url;
  const rule =
    'is not set; the embedded PostgreSQL is for the service alone, which migrates it at every start';
  throw new SettingsError([{ name: 'DATABASE_URL', rule }]);
}

/**
 * For one program that does one thing; whoever opens it ends its pool.
 *
 * @throws SettingsError also when that database cannot be worked on
 */
export async function openNamedDatabase(environment: Environment): Promise<Database> {
  const url = namedDatabase(environment);
  await (await connectChecked(url)).end();
  return new Database(openPool(url, { name: 'command', max: 2 }));
}

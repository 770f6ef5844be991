import { loadSettings, type Environment, SettingsError } from '../config/load-settings.js';
import { Database } from './database.js';
import { DatabaseSettings } from './database.settings.js';
import { AS_WRITTEN, openPool, type PoolRules } from './pool.js';
import { keepsSession, migrationAddress, type NamedAddress } from './pooler.js';

/**
 * The database at that address, by way of a pooler or not.
 *
 * @throws SettingsError when that database cannot be worked on
 */
export async function openDatabase(
  url: string,
  { session = AS_WRITTEN, ...rules }: PoolRules,
): Promise<Database> {
  if (await keepsSession(url)) return new Database(openPool(url, { ...rules, session }));
  return new Database(openPool(url, { ...rules, session: {} }), session);
}

/**
 * The database of `DATABASE_URL` for one program that does one thing; the caller ends its pool.
 *
 * @throws SettingsError
 */
export function openNamedDatabase(environment: Environment): Promise<Database> {
  return openDatabase(named(environment).url, { name: 'command', max: 2 });
}

/**
 * Where a program migrates.
 *
 * @throws SettingsError
 */
export function namedMigrationAddress(environment: Environment): NamedAddress {
  const { url, directUrl } = named(environment);
  return migrationAddress(url, directUrl);
}

function named(environment: Environment): {
  readonly url: string;
  readonly directUrl: string | undefined;
} {
  const { url, directUrl } = loadSettings([DatabaseSettings], environment).get(DatabaseSettings);
  if (url !== undefined) return { url, directUrl };
  const rule =
    'is not set; the embedded PostgreSQL is for the service alone, which migrates it at every start';
  throw new SettingsError([{ name: 'DATABASE_URL', rule }]);
}

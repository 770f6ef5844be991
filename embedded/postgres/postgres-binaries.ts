import { lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

export interface PostgresBinaries {
  /** The directory that holds bin/, lib/ and share/; the three only work together. */
  readonly root: string;
  readonly version: string;
}

export const programOf = (binaries: PostgresBinaries, name: 'initdb' | 'postgres'): string =>
  join(binaries.root, 'bin', name);

/**
 * Finds the binaries that `embedded-postgres` depends on without loading that package: its class installs an exit
 * hook that stops the server on the first SIGTERM, which is too early for a service that still has work to finish.
 */
export async function findPostgresBinaries(from: string | URL = import.meta.url): Promise<PostgresBinaries> {
  const entry = resolvePlatformPackage(from);
  const paths: unknown = await import(pathToFileURL(entry).href);
  const postgres = stringIn(paths, 'postgres') ?? join(dirname(entry), '..', 'native', 'bin', 'postgres');
  const packageDirectory = resolve(dirname(entry), '..');
  const manifest: unknown = JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8'));
  await completeSymlinks(packageDirectory);
  return { root: resolve(dirname(postgres), '..'), version: stringIn(manifest, 'version') ?? 'unknown' };
}

function resolvePlatformPackage(from: string | URL): string {
  const system = platform() === 'win32' ? 'windows' : platform();
  const platformPackage = `@embedded-postgres/${system}-${arch()}`;
  try {
    // Package managers that do not hoist make the platform package visible only to embedded-postgres itself.
    const embedded = createRequire(from).resolve('embedded-postgres');
    return createRequire(embedded).resolve(platformPackage);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'BINARIES_MISSING',
      `No database is configured, and the embedded PostgreSQL is not installed (${platformPackage}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer, or install the development dependencies (npm ci).',
      { cause },
    );
  }
}

/**
 * npm packages cannot carry symbolic links, so a postinstall script makes them; installations that ignore scripts
 * lack them and the server would not load its libraries. A read-only installation is left as it is.
 */
async function completeSymlinks(packageDirectory: string): Promise<void> {
  const listed = await readFile(join(packageDirectory, 'native', 'pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  const links: unknown = JSON.parse(listed);
  for (const link of Array.isArray(links) ? links : []) {
    const source = stringIn(link, 'source');
    const target = stringIn(link, 'target');
    if (source === undefined || target === undefined) continue;
    const place = join(packageDirectory, target);
    const isThere = await lstat(place).then(
      () => true,
      () => false,
    );
    if (!isThere) await symlink(relative(dirname(target), source), place).catch(() => undefined);
  }
}

function stringIn(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' ? found : undefined;
}

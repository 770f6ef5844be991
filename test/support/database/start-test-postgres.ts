import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type startEmbeddedPostgres } from '../../../embedded/postgres/start-embedded-postgres.js';
import { type migrateDatabase } from '../../../src/platform/database/migrate.js';

interface Launcher {
  readonly startEmbeddedPostgres: typeof startEmbeddedPostgres;
}

interface Migrations {
  readonly migrateDatabase: typeof migrateDatabase;
}

declare global {
  /** Ends the server that the tests share; set-up and tear-down share no module. */
  var stopTestPostgres: (() => Promise<void>) | undefined;
}

/**
 * One server for all tests of a run, with a migrated template database that each test clones. It gives up durability
 * for speed (no fsync), lives in a temporary directory, and ends and cleans up with this process however that ends.
 */
export default async function startTestPostgres(
  _global: unknown,
  project: { rootDir: string },
): Promise<void> {
  // Jest loads this file outside of its module system, where only the compiled sources can be imported.
  const compiled = join(project.rootDir, 'dist');
  const parent = await mkdtemp(join(tmpdir(), 'test-postgres-'));
  // mkdtemp closes the directory to the account that runs the server for root.
  await chmod(parent, 0o755);
  // The declarations of the sources describe their compiled form exactly.
  const launcher = (await import(join(compiled, 'embedded/postgres/start-embedded-postgres.js'))) as Launcher;
  const server = await launcher.startEmbeddedPostgres({
    dataDirectory: join(parent, 'postgres'),
    log: () => undefined,
    durable: false,
    disposable: true,
  });
  globalThis.stopTestPostgres = async () => {
    await server.stop();
    await rm(parent, { recursive: true, force: true });
  };
  const migrations = (await import(join(compiled, 'src/platform/database/migrate.js'))) as Migrations;
  await makeTemplate(server.url, migrations.migrateDatabase);
  process.env['TEST_POSTGRES_URL'] = server.url;
  process.env['TEST_RUN_DIR'] = parent;
}

/** Once migrated, nobody may connect to the template: an open connection would stop every clone. */
async function makeTemplate(url: string, migrate: typeof migrateDatabase): Promise<void> {
  const template = new URL(url);
  template.pathname = '/migrated';
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CREATE DATABASE migrated');
    await migrate(template.href);
    await client.query('ALTER DATABASE migrated ALLOW_CONNECTIONS false');
  } finally {
    await client.end();
  }
}

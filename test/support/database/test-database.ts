import { randomUUID } from 'node:crypto';
import { ask, inSession } from './ask.js';

export interface TestDatabase {
  readonly url: string;
  /** Also ends the connections that are still open. */
  drop(): Promise<void>;
}

/** Any constant works; all test processes of a run use the same one. */
const CLONE_LOCK = 1;

/** A database of the test's own on the shared server: a clone of the migrated template, or an empty one. */
export async function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const server = testServerUrl();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const source = options.empty === true ? 'template0' : 'migrated';
  const maintenance = withDatabase(server, 'postgres');
  await inSession(maintenance, async (client) => {
    // One clone at a time: a template must not be in use, not even by another clone being made.
    await client.query('SELECT pg_advisory_lock($1)', [CLONE_LOCK]);
    try {
      await client.query(`CREATE DATABASE "${name}" TEMPLATE "${source}" STRATEGY file_copy`);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [CLONE_LOCK]);
    }
  });
  return {
    url: withDatabase(server, name),
    drop: () => ask(maintenance, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`).then(() => undefined),
  };
}

function testServerUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url !== undefined) return url;
  throw new Error('no test server: only specs below test/ get one, from the global set-up in jest.config.js');
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

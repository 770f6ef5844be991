import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { DataSource, getMetadataArgsStorage } from 'typeorm';
import { MIGRATIONS } from '../../migrations/migrations.js';
import { ENTITIES } from '../../src/app.module.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { startTestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { ask } from '../support/database/ask.js';
import { schemaOf } from '../support/database/schema-of.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';

jest.setTimeout(60_000);

const databases: TestDatabase[] = [];

afterEach(async () => {
  await Promise.all(databases.splice(0).map((database) => database.drop()));
});

async function aDatabase(options: { empty: boolean }): Promise<string> {
  const database = await createTestDatabase(options);
  databases.push(database);
  return database.url;
}

async function withDataSource<T>(
  options: { url: string; entities?: typeof ENTITIES; migrations?: typeof MIGRATIONS },
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = new DataSource({ type: 'postgres', ...options });
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

describe('the migrations', () => {
  test('leave nothing behind when all are undone, and the same schema when they run again', async () => {
    const url = await aDatabase({ empty: true });
    const pristine = await schemaOf(url);
    await migrateDatabase(url);
    const migrated = await schemaOf(url);
    expect(migrated.columns.length).toBeGreaterThan(0);

    await withDataSource({ url, migrations: MIGRATIONS }, async (dataSource) => {
      for (const _ of MIGRATIONS) await dataSource.undoLastMigration({ transaction: 'each' });
    });
    expect(await schemaOf(url)).toEqual(pristine);

    expect(await migrateDatabase(url)).toMatchObject({
      migrations: MIGRATIONS.map((migration) => migration.name),
    });
    expect(await schemaOf(url)).toEqual(migrated);
    expect(await ask(url, 'select pause_id from decode_pause')).toEqual([{ pause_id: 1 }]);
  });

  test('run once when six processes start on an empty database at the same moment', async () => {
    const url = await aDatabase({ empty: true });
    const reports = await Promise.all(Array.from({ length: 6 }, () => migrateDatabase(url)));
    const names = MIGRATIONS.map((migration) => migration.name);
    expect(reports.map(({ migrations }) => migrations).filter((migrations) => migrations.length > 0)).toEqual(
      [names],
    );
    expect(reports).toHaveLength(6);
    expect(await ask(url, 'select name from migrations order by id')).toEqual(
      names.map((name) => ({ name })),
    );
  });

  test('create a schema for the queues, under the name in the settings', async () => {
    const url = await aDatabase({ empty: true });
    await migrateDatabase(url, 'queues_of_ours');
    const schemas = await ask(
      url,
      `select distinct table_schema as name from information_schema.tables
       where table_schema not in ('public', 'pg_catalog', 'information_schema')`,
    );
    expect(schemas).toEqual([{ name: 'queues_of_ours' }]);
  });
});

describe('the roles of docs/roles.sql', () => {
  test('one migrates, one runs the service and may not migrate, one only reads', async () => {
    const database = await createTestDatabase({ empty: true });
    databases.push(database);
    const { url } = database;
    const roles = await readFile(new URL('../../docs/roles.sql', import.meta.url), 'utf8');
    await ask(url, roles);
    await ask(url, roles); // again
    for (const role of ['mpp_migrate', 'mpp_run', 'mpp_read'])
      await ask(url, `alter role ${role} password 'p'`);
    const as = (role: string): string => {
      const changed = new URL(url);
      Object.assign(changed, { username: role, password: 'p' });
      return changed.href;
    };
    await expect(migrateDatabase(as('mpp_run'))).rejects.toThrow('may not change the schema');
    const waits: number[] = [];
    const table = new Client({ connectionString: url });
    await table.connect();
    await table.query('begin');
    await table.query('select pg_advisory_xact_lock($1)', [7_201_142_019]);
    const migrating = migrateDatabase(as('mpp_migrate'), 'bullmq', { onWait: (ms) => waits.push(ms) });
    await until('it says that it waits', async () => waits.length > 0);
    await table.end();
    expect((await migrating).migrations).toHaveLength(MIGRATIONS.length);
    await expect(ask(as('mpp_run'), 'create table mine (id int)')).rejects.toThrow('permission denied');
    await expect(ask(as('mpp_read'), 'delete from payment_order')).rejects.toThrow('permission denied');
    expect(await ask(as('mpp_read'), 'select 1 from payment_order')).toEqual([]);
    await ask(url, roles); // beside the tables too
    expect(await ask(as('mpp_run'), `update payment_note set body = ''`)).toEqual([]);
    for (const table of ['payment_history', 'operator_action', 'record_anchor', 'payment_note'])
      for (const change of [`update ${table} set digest = null`, `delete from ${table}`, `truncate ${table}`])
        await expect(ask(as('mpp_run'), change)).rejects.toThrow('permission denied');
    for (const table of ['customer_erasure', 'service_switch_change', 'repaired_debit'])
      for (const change of [`delete from ${table}`, `truncate ${table}`])
        await expect(ask(as('mpp_run'), change)).rejects.toThrow('permission denied');
    for (const table of ['customer_erasure', 'service_switch_change'])
      await expect(ask(as('mpp_run'), `update ${table} set actor = 'x'`)).rejects.toThrow(
        'permission denied',
      );

    // This role does not know that it is used for backups; only its name says so.
    const backup = new Client({
      connectionString: `${url}?replication=true&application_name=pg_basebackup`,
    });
    await backup.connect();
    const test = await startTestService({ database, environment: { DATABASE_URL: as('mpp_run') } });
    try {
      const seen = `select application_name as name, state from pg_stat_replication`;
      expect(await ask(as('mpp_run'), seen)).toEqual([{ name: 'pg_basebackup', state: null }]);
      expect(test.log.filter((line) => line.includes('commits_not_on_standby'))).toEqual([]);
      const { body } = await test.app.scan('twin:S#as-mpp-run');
      await until('it is paid', async () => (await test.app.confirm(body.payment)).body.status === 'PAID');
      const isTold = async () => (await test.books.order('twin:S#as-mpp-run')).acknowledged === true;
      await until('it is acknowledged', isTold);
    } finally {
      await test.stop();
      await backup.end();
    }
  });
});

describe('the entities', () => {
  test('leave a schema generator nothing to add to the migrations', async () => {
    const url = await aDatabase({ empty: false });
    const missing = await withDataSource({ url, entities: ENTITIES }, async (dataSource) => {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      return upQueries.map(({ query }) => query);
    });
    expect(missing).toEqual([]);
  });

  /** The generator compares checks by name only; making a second database from the entities compares their text. */
  test('have the same tables, constraints and indexes as the migrations, letter for letter', async () => {
    const migrated = await schemaOf(await aDatabase({ empty: false }));
    const url = await aDatabase({ empty: true });
    await withDataSource({ url, entities: ENTITIES }, (dataSource) => dataSource.synchronize());
    const declared = await schemaOf(url);
    expect(declared.columns).toEqual(migrated.columns);
    expect(declared.constraints).toEqual(migrated.constraints);
    const onExpressions = getMetadataArgsStorage()
      .indices.filter(({ synchronize }) => synchronize === false)
      .map(({ name }) => ` ${name} `);
    const comparable = migrated.indexes.filter((line) => !onExpressions.some((name) => line.includes(name)));
    expect(comparable).toHaveLength(migrated.indexes.length - onExpressions.length);
    expect(declared.indexes).toEqual(comparable);
  });
});

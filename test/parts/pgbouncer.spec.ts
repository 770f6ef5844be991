import { MIGRATIONS } from '../../migrations/migrations.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { keepsSession } from '../../src/platform/database/pooler.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { readSettings } from '../../src/settings.js';
import { startService } from '../../src/start-service.js';
import { ask } from '../support/database/ask.js';
import {
  startPgBouncer,
  type PoolMode,
  type PrivatePgBouncer,
} from '../support/database/private-pgbouncer.js';
import { describeWithPart } from '../support/parts/describe-with-part.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { prepareTestGround } from '../support/service/test-ground.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

describeWithPart('pgbouncer', 'behind PgBouncer', () => {
  describe.each(['session', 'transaction'] satisfies PoolMode[])('in %s mode', (mode) => {
    let database: TestDatabase;
    let pooler: PrivatePgBouncer;
    let pooled: string;
    let test: TestService;
    beforeAll(async () => {
      database = await createTestDatabase();
      pooler = await startPgBouncer(database.url, mode);
      pooled = pooler.through(database.url);
      // Nothing that the service reads may depend on the preferences of the database.
      await ask(database.url, `alter database "${new URL(pooled).pathname.slice(1)}" set datestyle = German`);
      test = await startTestService({
        database,
        environment: {
          DATABASE_URL: pooled,
          DATABASE_POOL_SIZE: '5',
          ...(mode === 'transaction' ? { DATABASE_DIRECT_URL: database.url } : {}),
        },
      });
    });
    afterAll(async () => {
      await test.stop();
      await pooler.stop();
      await database.drop();
    });

    it('is detected by its effect on connections', async () => {
      expect(await keepsSession(pooled)).toBe(mode === 'session');
      expect(await keepsSession(database.url)).toBe(true);
    });

    it('many scans at once are decoded, paid and acknowledged, and found by operators', async () => {
      const codes = Array.from({ length: 12 }, (_, at) => `twin:${at % 3 === 0 ? 'U,' : ''}S#pooled-${at}`);
      const paid = await Promise.all(
        codes.map(async (code) => {
          const scanned = await test.app.scan(code);
          expect(scanned.status).toBeLessThan(300);
          const payment = await until('it is decoded', async () => {
            const { body } = await test.app.readScan(scanned.body.scanId, 1_000);
            return body.status === 'DECODED' && body.payment;
          });
          await until('it is paid', async () => (await test.app.confirm(payment)).body.status === 'PAID');
          return payment.paymentId as string;
        }),
      );
      for (const code of codes) {
        await until('it is acknowledged', async () => (await test.books.order(code)).acknowledged === true);
      }
      const found = await test.operator.operations('/payments?status=PAID&limit=50');
      const ids = found.body.payments.map((payment: { paymentId: string }) => payment.paymentId);
      expect(ids.sort()).toEqual(paid.sort());
      const summary = await test.operator.operations('/summary');
      expect(summary.status).toBe(200);
    });

    it('leaves nothing on the connections of the pooler that other clients would get', async () => {
      if (mode === 'session') return; // the pooler resets them
      const seen = await ask(
        pooled,
        `select current_setting('default_transaction_read_only') as read,
                current_setting('statement_timeout') as limit, current_setting('lock_timeout') as locks`,
      );
      expect(seen).toEqual([{ read: 'off', limit: '0', locks: '0' }]);
    });

    it('two processes migrate an empty database at once, and leave no lock behind', async () => {
      const empty = await createTestDatabase({ empty: true });
      try {
        const url = pooler.through(empty.url);
        const reports = await Promise.all([migrateDatabase(url), migrateDatabase(url)]);
        const names = MIGRATIONS.map(({ name }) => name);
        expect(reports.map(({ migrations }) => migrations).sort()).toEqual([[], names]);
        const locks = await ask(
          empty.url,
          `select 1 from pg_locks join pg_database d on d.oid = database
           where locktype = 'advisory' and datname = current_database()`,
        );
        expect(locks).toEqual([]);
      } finally {
        await empty.drop();
      }
    });
  });

  it('in transaction mode does not start with queues in PostgreSQL and no direct address, and says so', async () => {
    const database = await createTestDatabase();
    const pooler = await startPgBouncer(database.url, 'transaction');
    try {
      const environment = { DATABASE_URL: pooler.through(database.url) };
      const ground = await prepareTestGround({ database, environment });
      const starting = startService(
        readSettings(ground.environment),
        new EventLog({ level: 'error' }, { write: () => undefined }),
      );
      await expect(starting).rejects.toThrow('DATABASE_DIRECT_URL');
      await ground.stop();
    } finally {
      await pooler.stop();
      await database.drop();
    }
  });
});

import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../embedded/postgres/start-embedded-postgres.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { postgresBackend } from '../../src/platform/queues/postgres-backend.js';
import { QueueSettings } from '../../src/platform/queues/queue.settings.js';
import { WorkQueues } from '../../src/platform/queues/work-queues.js';
import { readSettings } from '../../src/settings.js';
import { startService, type RunningService } from '../../src/start-service.js';
import { ApiClient } from '../../test/support/service/api-client.js';
import { prepareTestGround } from '../../test/support/service/test-ground.js';
import { testKeys } from '../../test/support/service/test-keys.js';
import { until } from '../../test/support/service/until.js';

/** Calls at the same time, of the service and of the floor. */
export const AT_ONCE = 15;

/** Orders that are committed together. */
const COMMIT = 1_000;
/** Notifications delivered before: plans are made for tables with rows. */
const HISTORY = 20_000;

/** As in production, except that one host may have nearly all slots, since there is only one. */
const AS_IN_PRODUCTION = {
  NOTIFY_CONCURRENCY: String(AT_ONCE + 1),
  NOTIFY_HOST_CONCURRENCY: String(AT_ONCE),
  NOTIFY_SCHEDULE_MS: '2000,5000,15000,30000,60000',
  NOTIFY_BREAKER_OPEN_MS: '15000',
  SWEEP_INTERVAL_MS: '1000',
  SWEEP_GRACE_MS: '2000',
  DATABASE_POOL_SIZE: '20',
  // Notifications are copied from row to row; sealed bytes belong to their row.
  DATA_KEYS_FILE: '',
  // Its assets are not part of this build.
  CONSOLE: 'false',
};

interface CopyWish {
  readonly model: string;
  readonly url: string;
  readonly status: 'PENDING' | 'DELIVERED';
  /** When it is due, in seconds from now. */
  readonly dueInS?: number;
  readonly count: number;
}

/** A PostgreSQL with its fsync, a far side in a process of its own, and the whole service in this one. */
export interface Ground {
  readonly farSideUrl: string;
  readonly databaseVersion: string;
  readonly pool: pg.Pool;
  /** Commits notifications, as a final status does; they are due now, were due before, or are due later. */
  make(count: number, dueInS?: number): Promise<string[]>;
  /** Pokes the workers, as the process that commits them does. */
  poke(): Promise<boolean>;
  stop(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const parent = await mkdtemp(join(tmpdir(), 'bench-notify-'));
  await chmod(parent, 0o755);
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(parent, 'postgres'),
    log: () => undefined,
    disposable: true,
  });
  await migrateDatabase(postgres.url);
  const [farSide, farSideUrl] = await startFarSide(parent);
  const ground = await prepareTestGround({
    database: { url: postgres.url, drop: () => Promise.resolve() },
    otherNotifyHosts: [new URL(farSideUrl).host],
    environment: AS_IN_PRODUCTION,
  });
  // Lines are written and thrown away: making them is part of the work, storing them is not.
  const log = new EventLog({ level: 'info' }, { write: () => undefined });
  const settings = readSettings(ground.environment);
  const service = await startService(settings, log);
  // Results become final in the API's processes, which can tell the workers only through the queue.
  const api = new WorkQueues(postgresBackend(postgres.url, settings.get(QueueSettings).schema, 4), log);
  const pool = new pg.Pool({ connectionString: postgres.url, max: AT_ONCE });
  const model = await aToldPayment(service, ground.tokens.walletApp, pool);
  const url = `${farSideUrl}/notify`;
  await copies(pool, { model, url, status: 'DELIVERED', count: HISTORY });
  for (const table of ['payment_order', 'notification']) await pool.query(`vacuum (analyze) ${table}`);
  const { rows } = await pool.query<{ server_version: string }>('show server_version');
  return {
    farSideUrl,
    databaseVersion: rows[0]?.server_version ?? 'unknown',
    pool,
    make: (count, dueInS = 0) => copies(pool, { model, url, status: 'PENDING', dueInS, count }),
    poke: () => api.poke('notify'),
    stop: async () => {
      await pool.end();
      await api.onApplicationShutdown();
      await service.stop();
      await ground.stop();
      farSide.disconnect();
      await postgres.stop();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** Waits until none of the database's notifications is due. */
export async function untilAllAreDelivered(pool: pg.Pool, patienceMs: number): Promise<void> {
  const text = `select 1 from notification where next_attempt_at <= db_now() limit 1`;
  await until('all are delivered', async () => (await pool.query(text)).rows.length === 0, patienceMs);
}

async function startFarSide(folder: string): Promise<[ChildProcess, string]> {
  const keyFile = join(folder, 'far-side.pem');
  writeFileSync(keyFile, testKeys().alipayPlusPrivate, { mode: 0o600 });
  const farSide = fork(new URL('far-side.js', import.meta.url), [keyFile]);
  const [url] = (await once(farSide, 'message')) as [string]; // the one message it sends
  return [farSide, url];
}

/** A completed order, to make copies of. */
async function aToldPayment(service: RunningService, token: string, pool: pg.Pool): Promise<string> {
  const app = new ApiClient(service.url, token);
  const payment = await app.decodedPayment(`twin:S#${randomUUID()}`);
  await app.confirm(payment);
  await untilAllAreDelivered(pool, 20_000);
  return String(payment.paymentId);
}

/** Copies of an order whose results are due, or have been delivered long ago, committed a thousand at a time. */
async function copies(pool: pg.Pool, wish: CopyWish): Promise<string[]> {
  const text = `
    with model as (select * from payment_order where payment_id = $1),
    copies as (
      insert into payment_order select copy.* from model, generate_series(1, $2::int) as number,
        lateral jsonb_populate_record(null::payment_order, to_jsonb(model) || jsonb_build_object(
          'payment_id', gen_random_uuid(), 'payment_request_id', gen_random_uuid(), 'number', number)) copy
      returning payment_id)
    insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, delivered_at, gives_up_at,
      created_at, updated_at)
    select c.payment_id, $3, n.body, n.body_sha256, $4, case when $4 = 'PENDING' then db_now() + $5 * interval '1 s' end,
      case when $4 = 'DELIVERED' then db_now() end, notification_end(db_now()), db_now(), db_now()
    from copies c, model m join notification n using (payment_id) returning payment_id as id`;
  const { model, url, status, dueInS = 0 } = wish;
  const ids: string[] = [];
  for (let left = wish.count; left > 0; left -= COMMIT)
    ids.push(
      ...(
        await pool.query<{ id: string }>(text, [model, Math.min(left, COMMIT), url, status, dueInS])
      ).rows.map(({ id }) => id),
    );
  return ids;
}

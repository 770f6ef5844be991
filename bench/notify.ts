import 'reflect-metadata';
import { createPrivateKey, createVerify, randomUUID, sign } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/platform/database/embedded/start-embedded-postgres.js';
import { migrateDatabase } from '../src/platform/database/migrate.js';
import { WorkQueues } from '../src/platform/queues/work-queues.js';
import { testKeys } from '../test/support/service/test-keys.js';
import { startTestService } from '../test/support/service/test-service.js';
import { untilNotified } from '../test/support/service/until-notified.js';
import { until } from '../test/support/service/until.js';

/**
 * One worker that delivers notifications through the real code, held against the least that could be done instead: sign
 * with RSA-2048, post over a connection that is kept, verify the signed answer, commit one row. Both run in this process
 * against the same far side and the same PostgreSQL with its fsync, taking turns, so that the ratio means something
 * whatever else the machine does. `npx tsc -p tsconfig.bench.json && node out/bench/bench/notify.js`
 */
const NOTIFICATIONS = 300;
const ROUNDS = 4;
const AT_ONCE = 15;

const keys = testKeys();
const parent = await mkdtemp(join(tmpdir(), 'bench-notify-'));
await chmod(parent, 0o755);
const postgres = await startEmbeddedPostgres({
  dataDirectory: join(parent, 'postgres'),
  log: () => undefined,
  disposable: true,
});
await migrateDatabase(postgres.url);
const farSide = await startFarSide();
const test = await startTestService({
  database: { url: postgres.url, drop: () => Promise.resolve() },
  otherNotifyHosts: [new URL(farSide.url).host],
  environment: {
    NOTIFY_CONCURRENCY: String(AT_ONCE + 1),
    NOTIFY_HOST_CONCURRENCY: String(AT_ONCE),
    SWEEP_INTERVAL_MS: '60000',
    LOG_LEVEL: 'error',
  },
});
const pool = new pg.Pool({ connectionString: postgres.url, max: AT_ONCE });
try {
  const model = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
  await test.app.confirm(model);
  await untilNotified(test.operator, model.paymentId);
  const rates = { bare: new Array<number>(), real: new Array<number>() };
  // The first round of each only warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = await perSecond(() => bareLoop());
    const real = await perSecond(() => throughTheService());
    if (round > 0) rates.bare.push(bare);
    if (round > 0) rates.real.push(real);
  }
  const [bare, real] = [median(rates.bare), median(rates.real)];
  console.log(`bare loop      ${bare.toFixed(0)} notifications a second`);
  console.log(`one worker     ${real.toFixed(0)} notifications a second, from the queue to DELIVERED`);
  console.log(`ratio          ${(real / bare).toFixed(2)} of the bare loop`);
} finally {
  await pool.end();
  await test.stop();
  await farSide.close();
  await postgres.stop();
}

async function perSecond(run: () => Promise<number>): Promise<number> {
  return NOTIFICATIONS / ((await run()) / 1_000);
}

/** Milliseconds from waking the worker until every one is acknowledged. */
async function throughTheService(): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `with model as (select * from payment_order where payment_id = $1),
     copies as (
       insert into payment_order select copy.* from model, generate_series(1, $2::int) as number,
         lateral jsonb_populate_record(null::payment_order, to_jsonb(model) || jsonb_build_object(
           'payment_id', gen_random_uuid(), 'payment_request_id', gen_random_uuid(), 'number', number)) copy
       returning payment_id)
     insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, created_at,
       updated_at)
     select c.payment_id, $3, n.body, n.body_sha256, 'PENDING', db_now(), n.gives_up_at, db_now(), db_now()
     from copies c, model m join notification n using (payment_id) returning payment_id as id`,
    [await modelId(), NOTIFICATIONS, `${farSide.url}/notify`],
  );
  const queues = test.service.app.get(WorkQueues);
  const startedAt = performance.now();
  await Promise.all(rows.map(({ id }) => queues.wake('notify', { id, turn: '0', delayMs: 0 })));
  const ids = rows.map(({ id }) => id);
  await until(
    'all are delivered',
    async () => {
      const text = `select 1 from notification where payment_id = any($1) and status <> 'DELIVERED' limit 1`;
      return (await pool.query(text, [ids])).rows.length === 0;
    },
    120_000,
  );
  return performance.now() - startedAt;
}

async function modelId(): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `select payment_id as id from notification order by created_at limit 1`,
  );
  return rows[0]?.id ?? '';
}

async function bareLoop(): Promise<number> {
  await pool.query('create table if not exists bare (id int primary key, state text)');
  await pool.query('truncate bare');
  await pool.query(`insert into bare select n, 'PENDING' from generate_series(1, $1::int) n`, [
    NOTIFICATIONS,
  ]);
  const agent = new Agent({ keepAlive: true });
  const privateKey = createPrivateKey(readFileSync(keys.mppPrivateFile));
  const publicKey = readFileSync(keys.alipayPlusPublicFile);
  const body = Buffer.from(JSON.stringify({ paymentRequestId: randomUUID(), padding: 'x'.repeat(400) }));
  let next = 0;
  const one = async (id: number): Promise<void> => {
    const signature = sign('RSA-SHA256', body, privateKey).toString('base64');
    const answer = await post(`${farSide.url}/notify`, body, signature, agent);
    if (!createVerify('RSA-SHA256').update(answer.signed).verify(publicKey, answer.signature, 'base64'))
      throw new Error('the answer is not signed');
    await pool.query({
      name: 'bare',
      text: `update bare set state = 'DELIVERED' where id = $1`,
      values: [id],
    });
  };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < NOTIFICATIONS) {
        next += 1;
        await one(next);
      }
    }),
  );
  agent.destroy();
  return performance.now() - startedAt;
}

function post(
  url: string,
  body: Buffer,
  signature: string,
  agent: Agent,
): Promise<{ signed: string; signature: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, signature };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const value = String(response.headers.signature).split('signature=')[1] ?? '';
        const time = String(response.headers['response-time']);
        resolve({ signed: signedText(time, text), signature: decodeURIComponent(value) });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

function signedText(time: string, body: string): string {
  return `POST /notify\nTEST_5X00000000000000.${time}.${body}`;
}

/** Says S to everything, with one signature made beforehand: its own cost is next to nothing. */
async function startFarSide(): Promise<{ url: string; close: () => Promise<void> }> {
  const time = '2026-03-01T00:00:00Z';
  const body = '{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"success"}}';
  const signature = sign('RSA-SHA256', Buffer.from(signedText(time, body)), keys.alipayPlusPrivate);
  const headers = {
    'Content-Type': 'application/json',
    'Response-Time': time,
    Signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature.toString('base64'))}`,
  };
  const server = createServer((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => response.writeHead(200, headers).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server that listens has one
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

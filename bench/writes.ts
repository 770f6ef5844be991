import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresMeter } from '../test/support/meters/postgres-meter.js';
import { theService } from './compare/contenders.js';
import { prepareGround } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { ServerProcess } from './compare/server-process.js';
import { acknowledged } from './soak/tables.js';
import { WalletApp } from './steady/wallet-app.js';
import { LogRecords } from './writes/log-records.js';
import { readOptions } from './writes/options.js';
import { tablesOf, type Written } from './writes/table.js';

/**
 * The writes of one whole payment: `npm run bench:writes -- [--payments 200] [--at-once 32] [--json]`. One process does
 * everything (`ROLE=all`); payments are scanned, confirmed, debited in the embedded ledger, notified and acknowledged,
 * first one after the other, then many at once. It counts statements, and bytes of the log for every table and index.
 */
const PATIENCE_MS = 60_000;
const WARM_UP = 1_000;
/** Statements caused by one payment; the others run by time: limits, keys, switches, queues and sweeps. */
const OF_A_PAYMENT = /^(scan|order|ledger|debit|notification)_(?!watch|oldest)/;

const options = await readOptions();
const say = options.json ? console.error : console.log;
const ground = await prepareGround();
const { DATABASE_URL: url = '', ...environment } = ground.environmentFor('ours');
const meter = await PostgresMeter.before(url);
const log = await LogRecords.of(url);
let server: ServerProcess | undefined;
try {
  await ground.standIn.goOn();
  server = await ServerProcess.start(theService('writes', settings(), 'all'), ground.logFolder);
  const app = new WalletApp(server.url, ground.token);
  say(machineName(ground.databaseVersion));
  // Before this, statements are prepared, and the tables get past their first pages, whose summaries every row changes.
  await paid(app, WARM_UP, options.atOnce);
  const written = [
    await writtenBy('one at a time', () => paid(app, options.payments, 1)),
    await writtenBy(`${options.atOnce} at once`, () => paid(app, options.payments, options.atOnce)),
  ];
  await app.close();
  await server.stop();
  // A session reports its counts when it ends, at the latest.
  const updates = await log.updates();
  console.log(
    options.json ? JSON.stringify({ options, written, updates }) : `\n${tablesOf(written, updates)}`,
  );
} finally {
  await server?.stop();
  await log.close();
  await meter.close();
  await ground.stop();
}

function settings(): Record<string, string> {
  return {
    ...environment,
    // In production no result goes over plain http.
    NODE_ENV: 'development',
    DATABASE_URL: meter.through(url),
    ALIPAYPLUS_NOTIFY_HOSTS: new URL(ground.standIn.url).host,
  };
}

async function writtenBy(way: string, work: () => Promise<void>): Promise<Written> {
  const [from, first] = [await log.position(), meter.statements.length];
  await work();
  const logged = await log.between(from, await log.position());
  const statements: Record<string, number> = {};
  for (const name of meter.statements.slice(first))
    if (OF_A_PAYMENT.test(name)) statements[name] = (statements[name] ?? 0) + 1;
  return { way, payments: options.payments, statements, logged };
}

/** Pays, and waits until everything is acknowledged. */
async function paid(app: WalletApp, payments: number, atOnce: number): Promise<void> {
  let left = payments;
  const payer = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await app.confirm(await app.scan());
      if (atOnce === 1) await untilAcknowledged();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, payer));
  await untilAcknowledged();
}

async function untilAcknowledged(): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    if ((await acknowledged(ground)).open === 0) return;
    if (performance.now() > end) throw new Error('results were not acknowledged');
    await sleep(5);
  }
}

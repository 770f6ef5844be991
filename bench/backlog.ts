import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { measureBacklog } from './backlog/measure-backlog.js';
import { readOptions } from './backlog/options.js';
import { PendingScans } from './backlog/pending-scans.js';
import { goalsOf, reportOf } from './backlog/report.js';
import { prepareGround } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { theService } from './compare/contenders.js';
import { ServerProcess } from './compare/server-process.js';
import { WalletApp } from './steady/wallet-app.js';

/**
 * The effect of a backlog of scans on new ones: `npm run bench:backlog -- [--pending 50000] [--rounds 3] [--minutes 6]
 * [--rate 50] [--fresh 30] [--idle-seconds 60] [--workers 1] [--json]`. The shipped api and worker run in processes of
 * their own, with one PostgreSQL with fsync for records and queues, and an Alipay+ that answers S to everything. New
 * scans come at a steady rate far below the maximum: at the maximum every queue of the machine is full, and a p99 says
 * nothing about ours.
 */
const OUTPUT = 'out/bench-results';

const options = await readOptions();
const say = options.json ? console.error : console.log;
const ground = await prepareGround();
const servers: ServerProcess[] = [];
try {
  const machine = machineName(ground.databaseVersion);
  say(`${machine}\n${options.fresh} new scans a second; signing answers …`);
  await ground.standIn.prepare(answersNeeded());
  const api = await start('api', 0);
  for (let at = 1; at <= options.workers; at += 1) await start('worker', at);
  const app = new WalletApp(api.url, ground.token);
  const found = await measureBacklog(new PendingScans(ground), () => app.scan(), options, say);
  await app.close();
  const result = { machine, options, ...found, goals: goalsOf(found, options) };
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(`${OUTPUT}/backlog.json`, JSON.stringify(result));
  console.log(options.json ? JSON.stringify(result) : `\n${reportOf(found, options)}`);
} finally {
  for (const server of servers) await server.stop();
  await ground.stop();
}

async function start(role: 'api' | 'worker', at: number): Promise<ServerProcess> {
  const environment = {
    ...ground.environmentFor('ours'),
    DECODE_WINDOW_MS: '3600000',
    DECODE_RETRY_RATE: String(options.rate),
  };
  const program = theService(`${role}-${at}`, environment, role);
  const server = await ServerProcess.start(program, ground.logFolder);
  servers.push(server);
  return server;
}

/** Enough for the new scans of all phases, for the drained backlog, and a margin. */
function answersNeeded(): number {
  const { fresh, idleSeconds, minutes, pending, rate, rounds } = options;
  const seconds = (rounds + 1) * (idleSeconds + 30) + minutes * 60;
  return (
    Math.ceil(fresh * seconds + Math.min(rounds * pending, rate * 1.3 * (minutes + rounds) * 60)) + 1_000
  );
}

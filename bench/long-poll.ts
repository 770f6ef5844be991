import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { wholeNumber } from '../command-line/option-values.js';
import { newCommand, readCommandLine } from '../command-line/run-command.js';
import { contenders } from './compare/contenders.js';
import { prepareGround } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { CUSTOMERS } from './compare/scenario.js';
import { ServerProcess } from './compare/server-process.js';

/**
 * The cost of many apps that wait for the end of their scan: `npm run bench:long-poll -- [--apps 1000]`. It prints the
 * memory of the server before and meanwhile, how often it queries the database while nobody waits and while everybody
 * does, and how fast all are answered when the scans end.
 */
/** What an app is told of a scan that Alipay+ did not decide in time. */
const GIVEN_UP = 422;
const LOOK_FOR_MS = 10_000;
/** A connection of PostgreSQL that has nothing to do brings the counters up to date after ten seconds. */
const COUNTERS_MS = 11_000;

const command = newCommand(
  'mpp bench long-poll',
  'What it costs that many apps wait for the end of their scan.',
).option('--apps <n>', 'how many wait', wholeNumber(1, 60_000), 1_000);
const { apps } = (await readCommandLine(command)).options;

const ground = await prepareGround();
const [, ours] = contenders(ground, false);
if (!ours) throw new Error('the service is missing among the contenders');
const server = await ServerProcess.start(ours, ground.logFolder);
try {
  console.log(machineName(ground.databaseVersion));
  const scanIds = await pendingScans(apps);
  // Every connection is opened and used once beforehand, so that only the waiting is measured.
  const agent = new Agent({ connections: apps, pipelining: 1 });
  await Promise.all(scanIds.map((scanId) => read(agent, scanId, 0)));
  await sleep(COUNTERS_MS);
  const idle = { memory: await memoryMb(), asks: await asksPerSecond() };
  const waiting = Promise.all(scanIds.map((scanId) => read(agent, scanId, 30_000)));
  await sleep(COUNTERS_MS);
  const waited = { memory: await memoryMb(), asks: await asksPerSecond() };
  await endOneAfterTheOther(scanIds);
  const endedAt = performance.now();
  const statuses = await waiting;
  const answeredMs = performance.now() - endedAt;
  await agent.close();
  const others = new Set(statuses.filter((status) => status !== GIVEN_UP));
  if (others.size > 0) throw new Error(`apps were told another end of their scans: ${[...others].join()}`);
  console.log(
    `${apps} connections, nobody waits:  ${idle.memory.toFixed(0)} MB, ${idle.asks.toFixed(1)} statements a second`,
  );
  console.log(
    `${apps} apps wait:                  ${waited.memory.toFixed(0)} MB, ${waited.asks.toFixed(1)} statements a second`,
  );
  console.log(
    `waiting costs ${(waited.memory - idle.memory).toFixed(1)} MB; all were answered within ${answeredMs.toFixed(0)} ms of the end of their scans`,
  );
} finally {
  await server.stop();
  await ground.stop();
}

async function memoryMb(): Promise<number> {
  return (await server.usage()).memoryMb;
}

/** Every statement of the service is a transaction of its own. */
async function asksPerSecond(): Promise<number> {
  const count = async (): Promise<number> => {
    const text = `select xact_commit::float8 as count from pg_stat_database where datname = 'ours'`;
    const [row] = await ground.query<{ count: number }>('floor', text);
    return row?.count ?? Number.NaN;
  };
  const before = await count();
  await sleep(LOOK_FOR_MS);
  return ((await count()) - before) / (LOOK_FOR_MS / 1_000);
}

async function read(agent: Agent, scanId: string, waitMs: number): Promise<number> {
  const { body, statusCode } = await request(`${server.url}/v1/scans/${scanId}?waitMs=${waitMs}`, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${ground.token}` },
  });
  await body.dump();
  return statusCode;
}

/** Scans that are not decoded before the hour is over. */
async function pendingScans(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await ground.query(
    'ours',
    `insert into scan (scan_id, customer_id, code_hash, request_body, status, next_attempt_at, gives_up_at, created_at,
       updated_at)
     select id, $2, sha256(id::text::bytea), '', 'PENDING', db_now() + interval '1 hour', db_now() + interval '1 hour',
       db_now(), db_now()
     from unnest($1::uuid[]) id`,
    [ids, CUSTOMERS[0]],
  );
  return ids;
}

/** Fifty at a time, because scans end one by one and not all at one moment. */
async function endOneAfterTheOther(scanIds: readonly string[]): Promise<void> {
  for (let from = 0; from < scanIds.length; from += 50) {
    await ground.query(
      'ours',
      `update scan set status = 'GIVEN_UP', next_attempt_at = null where scan_id = any ($1::uuid[])`,
      [scanIds.slice(from, from + 50)],
    );
  }
}

import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { theService } from './compare/contenders.js';
import { prepareGround } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { ServerProcess } from './compare/server-process.js';
import { readOptions } from './soak/options.js';
import { maximumOf, Payments } from './soak/payments.js';
import { plotOf } from './soak/plot.js';
import { lineOf, reportOf } from './soak/report.js';
import { figuresOf, sampleOf, type SoakSample } from './soak/samples.js';
import { acknowledged } from './soak/tables.js';
import { goalsOf, growthOf, memorySlopePerHour } from './soak/verdicts.js';
import { WalletApp } from './steady/wallet-app.js';

/**
 * The service for a long time at half of its maximum rate: `npm run bench:soak -- [--minutes 30] [--rate N]
 * [--sample-seconds 10] [--json]`. One process does everything (`ROLE=all`), on a PostgreSQL with fsync for records and
 * queues; every payment is scanned, confirmed, debited in the embedded ledger, notified and acknowledged.
 */
const OUTPUT = 'out/bench-results';
const WARM_UP = { payers: 32, seconds: 20 };
const PATIENCE_MS = 120_000;

const options = await readOptions();
const say = options.json ? console.error : console.log;
const ground = await prepareGround();
let server: ServerProcess | undefined;
try {
  await ground.standIn.goOn();
  server = await ServerProcess.start(theService('soak', environment(), 'all'), ground.logFolder);
  const app = new WalletApp(server.url, ground.token);
  const machine = machineName(ground.databaseVersion);
  say(machine);
  const maximum = await maximumOf(app, WARM_UP.payers, WARM_UP.seconds);
  await untilAcknowledged();
  const rate = options.rate ?? Math.max(1, Math.round(maximum / 2));
  say(`the maximum is ${maximum.toFixed(0)} payments a second; ${options.minutes} minutes at ${rate}`);
  const samples = await soaked(server, app, rate);
  const unacknowledged = await untilAcknowledged();
  say(`the process took ${(await server.usage()).peakMemoryMb.toFixed(0)} MB of memory at most`);
  await app.close();
  const found = {
    memorySlopePerHour: memorySlopePerHour(samples),
    tables: growthOf(samples),
    goals: goalsOf(samples, unacknowledged),
  };
  const result = { machine, options, maximum, rate, ...found, samples: samples.map(figuresOf) };
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(`${OUTPUT}/soak.json`, JSON.stringify(result));
  await writeFile(`${OUTPUT}/soak.svg`, plotOf(samples, `${machine}, ${rate} payments a second`));
  console.log(
    options.json
      ? JSON.stringify(result)
      : `\n${reportOf(samples, unacknowledged)}\n\n${OUTPUT}/soak.svg shows every sample.`,
  );
} finally {
  await server?.stop();
  await ground.stop();
}

function environment(): Record<string, string> {
  return {
    ...ground.environmentFor('ours'),
    // In production no result goes over plain http.
    NODE_ENV: 'development',
    ALIPAYPLUS_NOTIFY_HOSTS: new URL(ground.standIn.url).host,
  };
}

async function soaked(process: ServerProcess, app: WalletApp, rate: number): Promise<SoakSample[]> {
  const payments = new Payments(app, rate);
  const startedAt = performance.now();
  const samples: SoakSample[] = [];
  const count = Math.ceil((options.minutes * 60) / options.sampleSeconds);
  for (let at = 1; at <= count; at += 1) {
    await sleep(Math.max(0, startedAt + at * options.sampleSeconds * 1_000 - performance.now()));
    const sample = await sampleOf(process, ground, payments.taken(), startedAt);
    samples.push(sample);
    say(lineOf(sample, sample.payments / options.sampleSeconds));
  }
  await payments.stop();
  return samples;
}

/** The number of unacknowledged results after the longest wait. */
async function untilAcknowledged(): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { open } = await acknowledged(ground);
    if (open === 0 || performance.now() > end) return open;
    await sleep(500);
  }
}

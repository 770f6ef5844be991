import 'reflect-metadata';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { wholeNumber } from '../command-line/option-values.js';
import { newCommand, readCommandLine } from '../command-line/run-command.js';
import { signedCall } from '../test/support/service/signed-call.js';
import { theService } from './compare/contenders.js';
import { prepareGround } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { ServerProcess } from './compare/server-process.js';
import type { Flood, Flooded } from './flood/apps.js';
import { quantile } from './statistics.js';

/**
 * How long a signed inquiry of Alipay+ waits while far more apps scan than one process can serve: `npm run bench:flood
 * -- [--connections 2000] [--seconds 20]`. Each app scans again as soon as it is answered, and after a 503 when
 * `Retry-After` says so. The apps have a thread of their own, so that their work does not delay the measured calls.
 */
const kept = new Agent({ keepAlive: true, maxSockets: 1 });
const INQUIRY = { target: '/aps/api/v1/payments/inquiryPayment' };
const EVERY_MS = 50;
const WARM_UP_S = 5;
/** How long a call of Alipay+ should wait at most where it does not share its port with apps. */
const MOST_MS = 1_000;
/** Answers are signed beforehand; none is used twice. */
const MOST_A_SECOND = 1_500;

const command = newCommand('mpp bench flood', 'What a signed inquiry waits while far too many apps scan.')
  .option('--connections <n>', 'apps that scan at once', wholeNumber(1, 60_000), 2_000)
  .option('--seconds <n>', 'how long they do', wholeNumber(1, 3_600), 20)
  .option('--json', 'one JSON document on standard output', false);
const { connections, seconds, json } = (await readCommandLine(command)).options;

const ground = await prepareGround();
const environment = { ...ground.environmentFor('ours'), SIGNED_CALLS_PORT: '0' };
const server = await ServerProcess.start(theService('ours', environment), ground.logFolder);
const lane = { url: server.addressOf('signedCallsUrl') };
try {
  await ground.standIn.prepare(MOST_A_SECOND * (seconds + WARM_UP_S));
  await flood(32, WARM_UP_S); // compiled and connected
  const quiet = await inquiries(seconds / 4, server, kept);
  const [answered, inFlood, anew, onLane] = await Promise.all([
    flood(connections, seconds),
    inquiries(seconds, server, kept),
    inquiries(seconds, server),
    inquiries(seconds, lane),
  ]);
  const result = { connections, seconds, ...answered, inquiry: { quiet, inFlood, anew, onLane } };
  if (json) console.log(JSON.stringify(result));
  else
    console.log(
      `${machineName(ground.databaseVersion)}\n${connections} apps for ${seconds} s\n\n` +
        `scans decoded (201)   ${perSecond(answered.decoded)} a second, p99 ${answered.p99Ms.toFixed(0)} ms\n` +
        `scans undecided (202) ${perSecond(answered.undecided)} a second\n` +
        `scans refused (503)   ${perSecond(answered.refused)} a second\n` +
        `signed inquiries      ${inWords(quiet)} before\n` +
        `  meanwhile           ${inWords(inFlood)}, over a connection that is kept\n` +
        `                      ${inWords(anew)}, over a new one each time\n` +
        `                      ${inWords(onLane)}, over a new one to SIGNED_CALLS_PORT each time (wanted: at most ${MOST_MS} ms)`,
    );
} finally {
  kept.destroy();
  await server.stop();
  await ground.stop();
}

async function flood(apps: number, forSeconds: number): Promise<Flooded> {
  const workerData: Flood = { url: server.url, token: ground.token, apps, seconds: forSeconds };
  const worker = new Worker(new URL('./flood/apps.js', import.meta.url), { workerData });
  const [flooded] = (await once(worker, 'message')) as [Flooded]; // the only message it sends
  return flooded;
}

interface Waits {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

function inWords({ p50Ms, p99Ms, maxMs }: Waits): string {
  return `p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, at most ${maxMs.toFixed(0)} ms`;
}

async function inquiries(forSeconds: number, to: { readonly url: string }, agent?: Agent): Promise<Waits> {
  const endsAt = performance.now() + forSeconds * 1_000;
  const waits: number[] = [];
  while (performance.now() < endsAt) {
    const began = performance.now();
    const reply = await signedCall(to, { ...INQUIRY, ...(agent && { agent }) });
    if (!reply.isSigned) throw new Error(`an inquiry was answered ${reply.status} without a signature`);
    waits.push(performance.now() - began);
    await sleep(EVERY_MS);
  }
  return { p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), maxMs: Math.max(...waits) };
}

function perSecond(count: number): string {
  return (count / seconds).toFixed(0);
}

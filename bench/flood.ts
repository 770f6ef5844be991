import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { wholeNumber } from '../command-line/option-values.js';
import { newCommand, readCommandLine } from '../command-line/run-command.js';
import { signedCall } from '../test/support/service/signed-call.js';
import { theService } from './compare/contenders.js';
import { prepareGround } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { CUSTOMERS, aScan } from './compare/scenario.js';
import { ServerProcess } from './compare/server-process.js';

/**
 * What a signed inquiry of Alipay+ waits while far more apps scan than one process can serve: `npm run bench:flood --
 * [--connections 2000] [--seconds 20]`. Each app scans again as soon as it is answered, and after a 503 when
 * `Retry-After` says so.
 */
const INQUIRY = { target: '/aps/api/v1/payments/inquiryPayment' };
const EVERY_MS = 50;

const command = newCommand('mpp bench flood', 'What a signed inquiry waits while far too many apps scan.')
  .option('--connections <n>', 'apps that scan at once', wholeNumber(1, 60_000), 2_000)
  .option('--seconds <n>', 'how long they do', wholeNumber(1, 3_600), 20)
  .option('--json', 'one JSON document on standard output', false);
const { connections, seconds, json } = (await readCommandLine(command)).options;

const ground = await prepareGround();
const server = await ServerProcess.start(theService('ours', ground.environmentFor('ours')), ground.logFolder);
try {
  await flood(32, 5); // compiled and connected
  const quiet = await inquiries(seconds / 4);
  const [answered, inFlood] = await Promise.all([flood(connections, seconds), inquiries(seconds)]);
  const result = { connections, seconds, ...answered, inquiry: { quiet, inFlood } };
  if (json) console.log(JSON.stringify(result));
  else
    console.log(
      `${machineName(ground.databaseVersion)}\n${connections} apps for ${seconds} s\n\n` +
        `scans decoded        ${perSecond(answered.decoded)} a second, p99 ${answered.p99Ms.toFixed(0)} ms\n` +
        `scans refused (503)  ${perSecond(answered.refused)} a second\n` +
        `signed inquiries     p50 ${quiet.p50Ms.toFixed(0)} ms and p99 ${quiet.p99Ms.toFixed(0)} ms before, ` +
        `p50 ${inFlood.p50Ms.toFixed(0)} ms and p99 ${inFlood.p99Ms.toFixed(0)} ms meanwhile, at most ${inFlood.maxMs.toFixed(0)} ms`,
    );
} finally {
  await server.stop();
  await ground.stop();
}

async function flood(apps: number, forSeconds: number) {
  const agent = new Agent({ connections: apps, pipelining: 1 });
  const endsAt = performance.now() + forSeconds * 1_000;
  const decodedMs: number[] = [];
  let refused = 0;
  const app = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const began = performance.now();
      const { statusCode, headers, body } = await request(`${server.url}/v1/scans`, {
        dispatcher: agent,
        method: 'POST',
        headers: { authorization: `Bearer ${ground.token}`, 'content-type': 'application/json' },
        body: aScan(CUSTOMERS),
      });
      await body.dump();
      if (statusCode === 201) decodedMs.push(performance.now() - began);
      else if (statusCode === 503) refused += 1;
      else throw new Error(`a scan was answered ${statusCode}`);
      if (statusCode === 503) await sleep(Number(headers['retry-after']) * 1_000);
    }
  };
  await Promise.all(Array.from({ length: apps }, app));
  await agent.close();
  return { decoded: decodedMs.length, refused, p99Ms: quantile(decodedMs, 0.99) };
}

async function inquiries(forSeconds: number) {
  const endsAt = performance.now() + forSeconds * 1_000;
  const waits: number[] = [];
  while (performance.now() < endsAt) {
    const began = performance.now();
    const reply = await signedCall(server, INQUIRY);
    if (!reply.isSigned) throw new Error(`an inquiry was answered ${reply.status} without a signature`);
    waits.push(performance.now() - began);
    await sleep(EVERY_MS);
  }
  return { p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), maxMs: Math.max(...waits) };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function perSecond(count: number): string {
  return (count / seconds).toFixed(0);
}

import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readOptions } from './compare/options.js';
import { contenders } from './compare/contenders.js';
import type { Contender } from './compare/figures.js';
import { goalsOf } from './compare/goals.js';
import { prepareGround } from './compare/ground.js';
import { confirmRound, scanRound, type Round } from './compare/load.js';
import { machineName } from './compare/machine.js';
import { plotOf } from './compare/plot.js';
import { ServerProcess } from './compare/server-process.js';
import { tableOf } from './compare/table.js';

/**
 * The service side by side with a floor and a naive peer: `npm run bench -- [--rounds 5] [--scans 2000] [--connections
 * 32] [--json] [--no-naive] [--cpu-prof]`. Everything takes turns on the same database server, the same stand-in for
 * Alipay+ and the same load, so that the ratios mean something on a machine that is not quiet.
 */
const OUTPUT = resolve('out/bench-results');

/** After so many rounds the figures are told for the first time; more rounds make them steadier. */
const FIRST_LOOK = 2;

/** Turns that only warm up: caches, pools, and compiled code, of which a framework brings more than a floor. */
const WARM_UPS = 2;

const options = await readOptions();
/** Before what counts, in each turn: V8 throws code away while a process is idle, as all are but for the one that has its turn. */
const readying = Math.ceil(options.scans / 4);
await mkdir(OUTPUT, { recursive: true });
const say = options.json ? console.error : console.log;
const ground = await prepareGround();
const servers: ServerProcess[] = [];
try {
  for (const program of contenders(ground, options.naive)) {
    servers.push(await ServerProcess.start(program, ground.logFolder));
  }
  const machine = machineName(ground.databaseVersion);
  say(
    `${machine}\n${options.rounds} rounds of ${options.scans} scans at ${options.connections} connections\n`,
  );
  const found = await measured(servers);
  const goals = goalsOf(found);
  await writeFile(`${OUTPUT}/compare.svg`, plotOf(found, machine));
  await writeFile(`${OUTPUT}/compare.json`, JSON.stringify({ machine, options, contenders: found, goals }));
  if (options.json) console.log(JSON.stringify({ machine, options, contenders: found, goals }));
  else console.log(`\n${tableOf(found, goals)}\n\nout/bench-results/compare.svg shows every round.`);
} finally {
  for (const server of servers) await server.stop();
  await ground.stop();
}

async function measured(servers: readonly ServerProcess[]): Promise<Contender[]> {
  const rounds: Rounds[] = servers.map(() => ({ scan: [], confirm: [] }));
  for (let turn = 1 - WARM_UPS; turn <= options.rounds; turn += 1) {
    await ground.standIn.prepare(options.scans + readying);
    for (const [at, server] of servers.entries()) {
      const { scan, confirm } = await oneTurn(server, turn);
      say(
        `${turn <= 0 ? 'warm-up' : `round ${turn}`}  ${server.name.padEnd(6)} ${brief(scan)}   ${brief(confirm)}`,
      );
      if (turn > 0) {
        rounds[at]?.scan.push(scan);
        rounds[at]?.confirm.push(confirm);
      }
    }
    if (turn === FIRST_LOOK && turn < options.rounds) {
      const soFar = await contendersOf(servers, rounds);
      say(`\n${tableOf(soFar, goalsOf(soFar))}\n`);
    }
  }
  return contendersOf(servers, rounds);
}

interface Rounds {
  readonly scan: Round[];
  readonly confirm: Round[];
}

function contendersOf(servers: readonly ServerProcess[], rounds: readonly Rounds[]): Promise<Contender[]> {
  return Promise.all(
    servers.map(async (server, at) => ({
      name: server.name,
      readyMs: server.readyMs,
      peakMemoryMb: (await server.usage()).peakMemoryMb,
      rounds: rounds[at] ?? { scan: [], confirm: [] },
    })),
  );
}

async function oneTurn(server: ServerProcess, turn: number): Promise<{ scan: Round; confirm: Round }> {
  const { standIn, token } = ground;
  const { scans, connections } = options;
  await standIn.rewind();
  const load = { servers: [server], token, connections };
  await confirmRound(load, (await scanRound({ ...load, requests: readying })).payments);
  const { payments, ...scan } = await looked(server, turn, 'scan', () =>
    scanRound({ ...load, requests: scans }),
  );
  const seen = await standIn.counts();
  if (seen.calls !== readying + scans || seen.wrong > 0) {
    throw new Error(`${server.name} asked Alipay+ wrongly: ${JSON.stringify(seen)} for ${scans} scans`);
  }
  const confirm = await looked(server, turn, 'confirm', () => confirmRound(load, payments));
  return { scan, confirm };
}

/** With `--cpu-prof` the last round of everybody is profiled; its figures are then worth nothing. */
function looked<T>(server: ServerProcess, turn: number, work: string, round: () => Promise<T>): Promise<T> {
  if (!options.profile || turn < options.rounds) return round();
  return server.profiled(`${OUTPUT}/${server.name}-${work}.cpuprofile`, round);
}

function brief({ perSecond, cpuMs, p99Ms }: Round): string {
  return `${perSecond.toFixed(0).padStart(5)}/s ${cpuMs.toFixed(2)} ms CPU, p99 ${p99Ms.toFixed(0).padStart(4)} ms`;
}

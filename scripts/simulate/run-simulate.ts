import { Exit, UsageError } from '../../command-line/run-command.js';
import { ProgressBar } from '../mpp/progress-bar.js';
import { Connections } from './database/connections.js';
import { SimulatedServer } from './database/simulated-server.js';
import { hunt, MUTANTS, type Hunt } from './mutants/hunt.js';
import { huntView, printHunt, printSimulated } from './print-simulated.js';
import { SimulatedTotals } from './simulated-totals.js';
import { simulate } from './simulation.js';

export interface Options {
  readonly seed: number;
  readonly seeds?: number | undefined;
  readonly minutes?: number | undefined;
  readonly scans: number;
  readonly atOnce: number;
  readonly history?: true | undefined;
  readonly json?: true | undefined;
  readonly mutants?: true | undefined;
  readonly only?: string | undefined;
}

export async function runSimulate(options: Options): Promise<void> {
  const { only, mutants, minutes, seeds } = options;
  if (only !== undefined && !MUTANTS.some(({ name }) => name === only))
    throw new UsageError(`--only must be one of ${MUTANTS.map(({ name }) => name).join(', ')}`);
  if (only !== undefined && mutants === undefined) throw new UsageError('--only goes with --mutants');
  if (minutes !== undefined && seeds !== undefined)
    throw new UsageError('--minutes and --seeds do not go together');
  const server = await SimulatedServer.start();
  try {
    const isFine = await (mutants ? huntMutants(server, options) : simulateSeeds(server, options));
    if (!isFine) throw new Exit(1);
  } finally {
    await server.stop();
  }
}

async function simulateSeeds(server: SimulatedServer, options: Options): Promise<boolean> {
  const { seed: first, minutes, scans } = options;
  const seeds = minutes === undefined ? (options.seeds ?? 1) : Infinity;
  const untilMs = performance.now() + (minutes ?? Infinity) * 60_000;
  const goesOn = (seed: number): boolean => seed < first + seeds && performance.now() < untilMs;
  const totals = new SimulatedTotals();
  const bar = minutes === undefined ? new ProgressBar('histories', seeds) : undefined;
  let [seed, done] = [first, 0];
  const runner = async (_: unknown, at: number): Promise<void> => {
    const connections = await Connections.open(await server.database(`simulated_${at}`));
    try {
      while (goesOn(seed)) {
        const simulated = await simulate(connections, { seed: seed++, scans });
        printSimulated(simulated, scans, {
          withHistory: options.history ?? false,
          say: options.json ? console.error : tellAbove(bar),
        });
        totals.add(simulated);
        bar?.at(++done);
      }
    } finally {
      await connections.close();
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, runner)).finally(() => bar?.stop());
  console.log(options.json ? JSON.stringify(totals.view()) : totals.line());
  return totals.broken.length === 0;
}

function tellAbove(bar: ProgressBar | undefined): (line: string) => void {
  return (line) => (bar === undefined ? console.log(line) : bar.say(line));
}

async function huntMutants(server: SimulatedServer, options: Options): Promise<boolean> {
  const limits = {
    firstSeed: options.seed,
    seeds: options.seeds ?? 1_000,
    scans: options.scans,
  };
  const hunts: Hunt[] = [];
  for (const mutant of MUTANTS.filter(({ name }) => options.only === undefined || name === options.only)) {
    const name = `mutant_${mutant.name.replaceAll('-', '_')}`;
    const hunted = await hunt(await server.database(name), mutant, limits);
    await server.drop(name);
    printHunt(hunted, options.json ? console.error : console.log);
    hunts.push(hunted);
  }
  if (options.json) console.log(JSON.stringify({ mutants: hunts.map(huntView) }));
  return hunts.every(({ caught }) => caught !== undefined);
}

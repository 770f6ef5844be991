import { wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runProgramAndLeave, UsageError } from '../command-line/run-command.js';
import { Connections } from './simulate/database/connections.js';
import { prepareSimulatedDatabase, startSimulatedServer } from './simulate/database/simulated-server.js';
import { hunt, MUTANTS } from './simulate/mutants/hunt.js';
import { printHunt, printSimulated } from './simulate/print-simulated.js';
import { SimulatedTotals } from './simulate/simulated-totals.js';
import { simulate } from './simulate/simulation.js';

const MOST = 999_999_999;

const NOTES = `
What happens in one history does not depend on the others. With --mutants ("npm run simulate:mutants") known mistakes
are put in, one at a time, each for at most --seeds histories.
Exit codes: 0 every guarantee held, or every mistake was caught; 1 not; 2 wrong usage.`;

export const command = newCommand(
  'npm run simulate --',
  'Runs the whole service in simulated time against its guarantees.',
)
  .option('--seed <n>', 'the first history', wholeNumber(1, MOST), 1)
  .option('--seeds <n>', 'how many histories (default: 1, with --mutants 300)', wholeNumber(1, MOST))
  .option('--minutes <n>', 'as many as begin in that time, instead of --seeds', wholeNumber(1, MOST))
  .option('--scans <n>', 'orders of each history', wholeNumber(1, MOST), 8)
  .option('--at-once <n>', 'histories at once, each in a database of its own', wholeNumber(1, 64), 1)
  .option('--history', 'print every line of each history')
  .option('--mutants', 'hunt known mistakes instead')
  .option('--only <name>', 'one mistake, with --mutants')
  .addHelpText('after', NOTES)
  .action(run);

interface Options {
  readonly seed: number;
  readonly seeds?: number | undefined;
  readonly minutes?: number | undefined;
  readonly scans: number;
  readonly atOnce: number;
  readonly history?: true | undefined;
  readonly mutants?: true | undefined;
  readonly only?: string | undefined;
}

async function run(options: Options): Promise<void> {
  const { only, mutants, minutes, seeds } = options;
  if (only !== undefined && !MUTANTS.some(({ name }) => name === only))
    throw new UsageError(`--only must be one of ${MUTANTS.map(({ name }) => name).join(', ')}`);
  if (only !== undefined && mutants === undefined) throw new UsageError('--only goes with --mutants');
  if (minutes !== undefined && seeds !== undefined)
    throw new UsageError('--minutes and --seeds do not go together');
  const server = await startSimulatedServer();
  try {
    const isFine = await (mutants ? huntMutants(server.url, options) : simulateSeeds(server.url, options));
    if (!isFine) throw new Exit(1);
  } finally {
    await server.stop();
  }
}

async function simulateSeeds(serverUrl: string, options: Options): Promise<boolean> {
  const { seed: first, minutes, scans } = options;
  const seeds = minutes === undefined ? (options.seeds ?? 1) : Infinity;
  const untilMs = performance.now() + (minutes ?? Infinity) * 60_000;
  const goesOn = (seed: number): boolean => seed < first + seeds && performance.now() < untilMs;
  const totals = new SimulatedTotals();
  let seed = first;
  const runner = async (_: unknown, at: number): Promise<void> => {
    const url = await prepareSimulatedDatabase(serverUrl, `simulated_${at}`);
    const connections = await Connections.open(url);
    try {
      while (goesOn(seed)) {
        const simulated = await simulate(connections, { seed: seed++, scans });
        printSimulated(simulated, scans, options.history ?? false);
        totals.add(simulated);
      }
    } finally {
      await connections.close();
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, runner));
  console.log(totals.line());
  return totals.broken === 0;
}

async function huntMutants(serverUrl: string, options: Options): Promise<boolean> {
  const limits = {
    firstSeed: options.seed,
    seeds: options.seeds ?? 300,
    scans: options.scans,
  };
  let areAllCaught = true;
  for (const mutant of MUTANTS.filter(({ name }) => options.only === undefined || name === options.only)) {
    const hunted = await hunt(serverUrl, mutant, limits);
    printHunt(hunted);
    areAllCaught &&= hunted.caught !== undefined;
  }
  return areAllCaught;
}

await runProgramAndLeave(import.meta.url, command);

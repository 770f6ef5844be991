import { parseArgs } from 'node:util';
import { Connections } from './simulate/database/connections.js';
import { prepareSimulatedDatabase, startSimulatedServer } from './simulate/database/simulated-server.js';
import { hunt, MUTANTS } from './simulate/mutants/hunt.js';
import { printHunt, printSimulated } from './simulate/print-simulated.js';
import { SimulatedTotals } from './simulate/simulated-totals.js';
import { simulate } from './simulate/simulation.js';

const USAGE = `npm run simulate -- [--seed N] [--seeds K | --minutes T] [--scans M] [--at-once A] [--history]
  runs K histories from seed N on, or as many as begin in T minutes, each with M scans, A of them at once in databases of their own; what happens in one
  does not depend on the others; exit code 1 if one breaks a guarantee
npm run simulate:mutants -- [--seed N] [--seeds K] [--scans M] [--only NAME]
  puts known mistakes in, one at a time, each for at most K histories; exit code 1 if one is not caught
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    scans: { type: 'string', default: '8' },
    minutes: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
    history: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function simulateSeeds(serverUrl: string): Promise<boolean> {
  const first = natural('seed', values.seed);
  const seeds = values.minutes === undefined ? natural('seeds', values.seeds ?? '1') : Infinity;
  const untilMs = performance.now() + natural('minutes', values.minutes ?? '1') * 60_000;
  const goesOn = (seed: number): boolean =>
    seed < first + seeds && (values.minutes === undefined || performance.now() < untilMs);
  const scans = natural('scans', values.scans);
  const totals = new SimulatedTotals();
  let seed = first;
  const runner = async (_: unknown, at: number): Promise<void> => {
    const url = await prepareSimulatedDatabase(serverUrl, `simulated_${at}`);
    const connections = await Connections.open(url);
    try {
      while (goesOn(seed)) {
        const simulated = await simulate(connections, { seed: seed++, scans });
        printSimulated(simulated, scans, values.history);
        totals.add(simulated);
      }
    } finally {
      await connections.close();
    }
  };
  await Promise.all(Array.from({ length: natural('at-once', values['at-once']) }, runner));
  console.log(totals.line());
  return totals.broken === 0;
}

async function huntMutants(serverUrl: string): Promise<boolean> {
  const limits = {
    firstSeed: natural('seed', values.seed),
    seeds: natural('seeds', values.seeds ?? '300'),
    scans: natural('scans', values.scans),
  };
  let areAllCaught = true;
  for (const mutant of MUTANTS.filter(({ name }) => values.only === undefined || name === values.only)) {
    const hunted = await hunt(serverUrl, mutant, limits);
    printHunt(hunted);
    areAllCaught &&= hunted.caught !== undefined;
  }
  return areAllCaught;
}

function natural(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a natural number`);
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const server = await startSimulatedServer();
  try {
    const isFine = await (values.mutants ? huntMutants(server.url) : simulateSeeds(server.url));
    return isFine ? 0 : 1;
  } finally {
    await server.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { assertReading } from './fuzz/pure-property.js';

const USAGE = `Tampers with answers of Alipay+ and holds what we make of them against an independent reading.

  npm run fuzz -- --runs 20000 --seed 7
      In this process: bodies, headers and signatures into the reader. Without --seed a new one each time.
  npm run fuzz -- --http-runs 500 --seed 7
      Also through a running service, over HTTP and into its database; each run sends up to eight answers.

A failing case prints its seed, the path to it and the smallest answer that still fails.`;

const REPORT_EVERY_MS = 10_000;

interface Plan {
  readonly runs: number;
  readonly httpRuns: number;
  readonly seed: number;
}

/** Undefined when only help is asked for. */
function planOf(args: string[]): Plan | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { runs: text, 'http-runs': text, seed: text, help: { type: 'boolean' } },
  });
  if (values.help === true) return undefined;
  return {
    runs: whole(values.runs ?? '20000'),
    httpRuns: whole(values['http-runs'] ?? '0'),
    seed: whole(values.seed ?? String(Date.now() % 2_147_483_647)),
  };
}

function whole(text: string): number {
  if (!/^\d{1,9}$|^[12]\d{9}$/.test(text)) throw new Error(`not a whole number: ${text}`);
  return Number(text);
}

async function readInProcess({ runs, seed }: Plan): Promise<void> {
  const startedAt = Date.now();
  const ends = await assertReading({ numRuns: runs, seed });
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  console.log(`seed ${seed}: ${runs} answers in ${seconds} s, nothing wrong`, ends);
}

/** The spec that starts the service and its database, with more runs than it makes by itself. */
async function readThroughService({ httpRuns, seed }: Plan): Promise<void> {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const spec = ['node_modules/jest/bin/jest.js', '--selectProjects', 'real', '--testPathPatterns'];
  const child = spawn(process.execPath, [...jest, ...spec, 'test/integration/fuzz'], {
    stdio: 'inherit',
    env: { ...process.env, FUZZ_HTTP_RUNS: String(httpRuns), FUZZ_SEED: String(seed) },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  if (!plan) return console.log(USAGE);
  const beat = setInterval(() => console.log(`still at it, seed ${plan.seed}`), REPORT_EVERY_MS);
  try {
    if (plan.runs > 0) await readInProcess(plan);
    if (plan.httpRuns > 0) await readThroughService(plan);
  } finally {
    clearInterval(beat);
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // fast-check tells the seed and the shrunk plan; what was wrong with it, and the answer as sent, is the cause.
  if (error instanceof Error && error.cause instanceof Error) console.error(`\n${error.cause.stack}`);
  process.exitCode = 1;
}

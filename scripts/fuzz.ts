import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';
import { ProgressBar } from './mpp/progress-bar.js';

const REPORT_EVERY_MS = 10_000;

interface Plan {
  readonly runs: number;
  readonly httpRuns: number;
  readonly seed: number;
}

const MOST_SEED = 2_147_483_647;

export const command = newCommand(
  'mpp fuzz',
  'Tampers with answers of Alipay+ and holds what we make of them against an independent reading.',
)
  .option(
    '--runs <n>',
    'in this process: bodies, headers and signatures into the reader',
    wholeNumber(0),
    20_000,
  )
  .option(
    '--http-runs <n>',
    'also through a running service, over HTTP and into its database; each sends up to eight answers',
    wholeNumber(0),
    0,
  )
  .option('--seed <n>', 'draws the answers (default: a new one)', wholeNumber(0, MOST_SEED))
  .addHelpText(
    'after',
    '\nA failing case prints its seed, the path to it and the smallest answer that still fails.\n' +
      'Exit codes: 0 nothing wrong, 1 a case failed, 2 wrong usage.',
  )
  .action(async ({ runs, httpRuns, seed = Date.now() % MOST_SEED }) => fuzz({ runs, httpRuns, seed }));

async function readInProcess({ runs, seed }: Plan): Promise<void> {
  await import('reflect-metadata');
  const { assertReading } = await import('./fuzz/pure-property.js');
  const startedAt = Date.now();
  const bar = new ProgressBar('answers', runs);
  const ends = await assertReading({ numRuns: runs, seed }, (done) => bar.at(done))
    .finally(() => bar.stop())
    .catch(tellCase);
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  console.log(`seed ${seed}: ${runs} answers in ${seconds} s, nothing wrong`, ends);
}

/** fast-check reports the seed and the shrunk plan; its fault, and the answer as sent, are the cause. */
function tellCase(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && error.cause instanceof Error) console.error(`\n${error.cause.stack}`);
  throw new Exit(1);
}

/** Runs the spec that starts the service and its database, with more cases than it has by itself. */
async function readThroughService({ httpRuns, seed }: Plan): Promise<void> {
  const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', 'real', '--testPathPatterns'];
  const child = spawn(process.execPath, [...jest, 'test/integration/fuzz'], {
    stdio: 'inherit',
    env: { ...process.env, FUZZ_HTTP_RUNS: String(httpRuns), FUZZ_SEED: String(seed) },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Exit(1);
}

async function fuzz(plan: Plan): Promise<void> {
  // Without a terminal nobody sees the progress bar.
  const beat = process.stderr.isTTY
    ? undefined
    : setInterval(() => console.log(`still at it, seed ${plan.seed}`), REPORT_EVERY_MS);
  try {
    if (plan.runs > 0) await readInProcess(plan);
    if (plan.httpRuns > 0) await readThroughService(plan);
  } finally {
    clearInterval(beat);
  }
}

await runProgram(import.meta.url, command);

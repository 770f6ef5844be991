import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runProgram, UsageError } from '../command-line/run-command.js';
import { runResult, type RunResult, type TestReport } from './test-repeat/test-report.js';

const NOTES = `
What follows a second -- goes to jest, so that one spec can be repeated:
  npm run test:repeat -- 20 --busy -- --testPathPatterns e2e/queue-emptied
The whole output of each run is kept in out/repeat.
Exit codes: 0 every run passed, 1 one did not, 2 wrong usage.`;

const FOLDER = resolve('out/repeat');
const BUSY_PROCESSES = 2;
/** Keeps a core busy, and ends with its parent however that ends. */
const BURN = `const parent = process.ppid;
  while (process.ppid === parent) for (let i = 0; i < 1e8; i += 1);`;

export const command = newCommand(
  'npm run test:repeat --',
  'Runs npm test n times in a row, one line for each run, and prints every failure with its message.',
)
  .usage('<n> [--busy] [-- <arguments of jest>]')
  .argument('<n>', 'how many times', wholeNumber(1, 999))
  .argument('[jest...]', 'arguments of jest, after --')
  .option('--busy', 'beside two processes that keep two cores busy all the time', false)
  .addHelpText('after', NOTES)
  .action(async (times, jestArguments, { busy: isBusy }) => {
    if (jestArguments.length > 0 && !process.argv.includes('--'))
      throw new UsageError(`arguments of jest stand after --: ${jestArguments.join(' ')}`);
    if (!(await repeat({ times, isBusy, jestArguments }))) throw new Exit(1);
  });

interface Repeat {
  readonly times: number;
  readonly isBusy: boolean;
  readonly jestArguments: readonly string[];
}

async function repeat({ times, isBusy, jestArguments }: Repeat): Promise<boolean> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const burners = isBusy ? Array.from({ length: BUSY_PROCESSES }, burn) : [];
  try {
    let red = 0;
    for (let number = 1; number <= times; number += 1) {
      const { passed, failed, failures, seconds } = await run(number, jestArguments);
      console.log(
        `run ${number} of ${times}${isBusy ? ', busy' : ''}: ${seconds} s, ${passed} passed, ${failed} failed`,
      );
      for (const failure of failures) console.log(`\n${failure}\n`);
      if (failed > 0) red += 1;
    }
    console.log(`${times} runs${isBusy ? ', busy' : ''}: ${times - red} green, ${red} red`);
    return red === 0;
  } finally {
    for (const burner of burners) burner.kill();
  }
}

function burn(): ChildProcess {
  return spawn(process.execPath, ['--eval', BURN], { stdio: 'ignore' });
}

async function run(
  number: number,
  jestArguments: readonly string[],
): Promise<RunResult & { seconds: number }> {
  const began = performance.now();
  const [reportFile, logFile] = [join(FOLDER, `${number}.json`), join(FOLDER, `${number}.log`)];
  const jest = ['--ci', '--json', `--outputFile=${reportFile}`, ...jestArguments];
  const child = spawn('npm', ['test', '--', ...jest], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log = createWriteStream(logFile);
  // With --json jest writes its progress to standard error, and the report to its file and standard output.
  child.stderr.pipe(log);
  const [[exitCode]] = await Promise.all([once(child, 'exit'), once(log, 'finish')]);
  const report = await readFile(reportFile, 'utf8').then(
    (text) => JSON.parse(text) as TestReport, // jest wrote it
    () => undefined,
  );
  const result = runResult(report, await readFile(logFile, 'utf8'), Number(exitCode ?? 1));
  return { ...result, seconds: Math.round((performance.now() - began) / 1000) };
}

await runProgram(import.meta.url, command);

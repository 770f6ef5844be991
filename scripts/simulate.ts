import { wholeNumber } from '../command-line/option-values.js';
import { newCommand, runProgramAndLeave } from '../command-line/run-command.js';

const MOST = 999_999_999;

const NOTES = `
What happens in one history does not depend on the others. With --mutants ("npm run simulate:mutants") known mistakes
are put in, one at a time, each for at most --seeds histories.
Exit codes: 0 every guarantee held, or every mistake was caught; 1 not; 2 wrong usage.`;

export const command = newCommand(
  'mpp simulate',
  'Runs the whole service in simulated time against its guarantees.',
)
  .option('--seed <n>', 'the first history', wholeNumber(1, MOST), 1)
  .option('--seeds <n>', 'how many histories (default: 1, with --mutants 1000)', wholeNumber(1, MOST))
  .option('--minutes <n>', 'as many as begin in that time, instead of --seeds', wholeNumber(1, MOST))
  .option('--scans <n>', 'orders of each history', wholeNumber(1, MOST), 8)
  .option('--at-once <n>', 'histories at once, each in a database of its own', wholeNumber(1, 64), 1)
  .option('--history', 'print every line of each history')
  .option('--mutants', 'hunt known mistakes instead')
  .option('--json', 'one JSON document on standard output, and everything else on standard error')
  .option('--only <name>', 'one mistake, with --mutants')
  .addHelpText('after', NOTES)
  .action(async (options) => (await import('./simulate/run-simulate.js')).runSimulate(options));

await runProgramAndLeave(import.meta.url, command);

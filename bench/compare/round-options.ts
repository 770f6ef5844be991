import { wholeNumber } from '../../command-line/option-values.js';
import { newCommand } from '../../command-line/run-command.js';

/** How long and how hard the service is driven, as every bench that does so is told it. */
export interface RoundOptions {
  readonly rounds: number;
  /** Of each contender in a round; all of them are then confirmed. */
  readonly scans: number;
  readonly connections: number;
  readonly json: boolean;
}

/** The command of a bench that goes in rounds. */
export function roundsCommand(start: string, about: string) {
  return newCommand(start, about)
    .option('--rounds <n>', 'rounds that count', wholeNumber(1, 10_000), 5)
    .option(
      '--scans <n>',
      'scans of each contender in a round; all of them are then confirmed',
      wholeNumber(1),
      2_000,
    )
    .option('--connections <n>', 'connections at once', wholeNumber(1, 10_000), 32)
    .option('--json', 'one JSON document on standard output', false);
}

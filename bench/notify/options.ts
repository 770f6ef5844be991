import { Argument } from '@commander-js/extra-typings';
import { wholeNumber } from '../../command-line/option-values.js';
import { newCommand, readCommandLine } from '../../command-line/run-command.js';

const WHATS = ['speed', 'memory', 'backlog'] as const;
/** Notifications of a round, or of the whole measurement. */
const COUNTS = { speed: 2_000, memory: 100_000, backlog: 100_000 } as const;

export interface NotifyOptions {
  readonly what: (typeof WHATS)[number];
  readonly rounds: number;
  readonly count: number;
  readonly json: boolean;
  /** Writes a CPU profile of the service in its last round. */
  readonly profile: boolean;
  say(line: string): void;
}

export async function readOptions(): Promise<NotifyOptions> {
  const command = newCommand('mpp bench notify', 'What one worker does with results that are due.')
    .addArgument(new Argument('[what]', 'what is measured').choices(WHATS).default('speed' as const))
    .option('--rounds <n>', 'rounds', wholeNumber(1, 10_000), 7)
    .option(
      '--count <n>',
      'notifications of a round, or of the whole (default: 2000 or 100000)',
      wholeNumber(1),
    )
    .option('--json', 'one JSON document on standard output', false)
    .option('--cpu-prof', 'write a CPU profile of the last round', false);
  const { options, words } = await readCommandLine(command);
  const [what] = words;
  const { rounds, json, cpuProf: profile, count = COUNTS[what] } = options;
  return { what, rounds, count, json, profile, say: json ? console.error : console.log };
}

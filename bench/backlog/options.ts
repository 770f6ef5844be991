import { numberAboveZero, wholeNumber } from '../../command-line/option-values.js';
import { newCommand, readCommandLine } from '../../command-line/run-command.js';

export interface BacklogOptions {
  /** Scans that wait for a repeated decode when a round begins. */
  readonly pending: number;
  readonly rounds: number;
  /** How long the drain is measured in all rounds together; it ends earlier when nothing waits any more. */
  readonly minutes: number;
  /** Repeated decode calls a second; the service's own default when absent. */
  readonly rate: number;
  /** New scans a second, in every phase. */
  readonly fresh: number;
  /** How long nothing waits before, between and after the rounds. */
  readonly idleSeconds: number;
  readonly workers: number;
  readonly json: boolean;
}

export async function readOptions(): Promise<BacklogOptions> {
  const command = newCommand('mpp bench backlog', 'What a backlog of scans does to new ones.')
    .option('--pending <n>', 'scans that wait when a round begins', wholeNumber(1), 50_000)
    .option('--rounds <n>', 'rounds', wholeNumber(1, 10_000), 3)
    .option('--minutes <n>', 'how long the drain is watched in all rounds together', numberAboveZero(), 6)
    .option('--rate <n>', 'calls a second that may ask again', wholeNumber(1), 50)
    .option('--fresh <n>', 'new scans a second', numberAboveZero(), 30)
    .option('--idle-seconds <n>', 'how long nothing waits between the rounds', numberAboveZero(), 60)
    .option('--workers <n>', 'worker processes', wholeNumber(1, 100), 1)
    .option('--json', 'one JSON document on standard output', false);
  return (await readCommandLine(command)).options;
}

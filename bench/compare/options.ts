import { readCommandLine } from '../../command-line/run-command.js';
import { roundsCommand, type RoundOptions } from './round-options.js';

export interface BenchOptions extends RoundOptions {
  /** Leaves the naive peer out, for a quicker run. */
  readonly naive: boolean;
  /** Writes a CPU profile of every server in the last round beside the plot. */
  readonly profile: boolean;
}

export async function readOptions(): Promise<BenchOptions> {
  const command = roundsCommand('mpp bench', 'The service side by side with a floor and a naive peer.')
    .option('--no-naive', 'leave the naive peer out, for a quicker look')
    .option('--cpu-prof', 'profile the last round of everybody, whose figures are then worth nothing', false);
  const { cpuProf, ...options } = (await readCommandLine(command)).options;
  return { ...options, profile: cpuProf };
}

import { wholeNumber } from '../../command-line/option-values.js';
import { newCommand, readCommandLine } from '../../command-line/run-command.js';

export interface WritesOptions {
  readonly payments: number;
  readonly atOnce: number;
  readonly json: boolean;
}

export async function readOptions(): Promise<WritesOptions> {
  const command = newCommand('mpp bench writes', 'What one whole payment writes to PostgreSQL and its log.')
    .option('--payments <n>', 'how many are paid in each way', wholeNumber(1), 200)
    .option('--at-once <n>', 'payers at the same time, in the second way', wholeNumber(1), 32)
    .option('--json', 'one JSON document on standard output', false);
  return (await readCommandLine(command)).options;
}

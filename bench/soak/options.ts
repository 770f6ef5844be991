import { numberAboveZero } from '../../command-line/option-values.js';
import { newCommand, readCommandLine } from '../../command-line/run-command.js';

export interface SoakOptions {
  readonly minutes: number;
  /** Payments a second; when absent, half of the maximum of a short warm-up. */
  readonly rate?: number;
  readonly sampleSeconds: number;
  readonly json: boolean;
}

export async function readOptions(): Promise<SoakOptions> {
  const command = newCommand('mpp bench soak', 'The service for a long time at half of what it can do.')
    .option('--minutes <n>', 'how long', numberAboveZero(), 30)
    .option(
      '--rate <n>',
      'payments a second (default: half of what a warm-up finds as the maximum)',
      numberAboveZero(),
    )
    .option('--sample-seconds <n>', 'time between samples', numberAboveZero(), 10)
    .option('--json', 'one JSON document on standard output', false);
  const { rate, ...options } = (await readCommandLine(command)).options;
  return { ...options, ...(rate !== undefined && { rate }) };
}

import { wholeNumber } from '../../command-line/option-values.js';
import { readCommandLine } from '../../command-line/run-command.js';
import { roundsCommand, type RoundOptions } from '../compare/round-options.js';

export interface GrowthOptions extends RoundOptions {
  /** Orders that are there before the first scan. */
  readonly small: number;
  readonly large: number;
}

export async function readOptions(): Promise<GrowthOptions> {
  const command = roundsCommand(
    'mpp bench growth',
    'What a scan and a confirm cost when millions of orders are there already.',
  )
    .option('--small <n>', 'orders in the small database', wholeNumber(1), 10_000)
    .option('--large <n>', 'orders in the large one', wholeNumber(1), 5_000_000);
  return (await readCommandLine(command)).options;
}

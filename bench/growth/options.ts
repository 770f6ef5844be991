import { wholeNumber } from '../../command-line/option-values.js';
import { readCommandLine } from '../../command-line/run-command.js';
import { roundsCommand, type RoundOptions } from '../compare/round-options.js';

export interface GrowthOptions extends RoundOptions {
  /** Orders that exist before the first scan. */
  readonly small: number;
  readonly large: number;
}

const NOTES = `
At the first run the large database is made in out/bench-seeded: 5,000,000 orders and their 36 indexes in 20 to 70 minutes on
2 cores, up to 26 GB of disk. Later runs use it again. The small one is made anew each time, in seconds. Then come a warm-up and the
rounds, 10 to 20 minutes. Lines tell how many orders there are, which index is being made, and what each turn of a round cost.`;

export async function readOptions(): Promise<GrowthOptions> {
  const command = roundsCommand(
    'mpp bench growth',
    'What a scan and a confirm cost when millions of orders are there already.',
  )
    .option('--small <n>', 'orders in the small database', wholeNumber(1), 10_000)
    .option('--large <n>', 'orders in the large one', wholeNumber(1), 5_000_000)
    .addHelpText('after', NOTES);
  return (await readCommandLine(command)).options;
}

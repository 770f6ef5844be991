import { Option } from '@commander-js/extra-typings';
import { personHere } from '../command-line/person-here.js';
import { textLike, wholeNumber } from '../command-line/option-values.js';
import { newCommand, runCommand, runProgram, UsageError } from '../command-line/run-command.js';
import { bulkView, redeliverMany, type BulkReport } from '../src/operations/redelivery/bulk-redelivery.js';
import { INSTANT, MOST_AT_ONCE, USUAL_CAP } from '../src/operations/bulk-fields.js';
import { REDELIVERABLE } from '../src/operations/redelivery/redelivery.dto.js';
import { RedeliveryStore } from '../src/payment-order/notification/redelivery.store.js';
import { openNamedDatabase } from '../src/platform/database/open-named-database.js';

const NOTES = `
Times carry an offset: 2026-03-01T08:00:00+08:00. --since and --until are about when the result became final.
The oldest come first. Each one is the same notification with the same bytes, due now, with a new window.
The workers find it within a few seconds; what became of it is in the operations view of the payment.
With the embedded PostgreSQL use POST /v1/operations/redeliver.
Exit codes: 0 done, 1 the database did not answer, 2 wrong usage.`;

export interface CommandResult {
  readonly exitCode: number;
  readonly text: string;
}

type Work = (store: RedeliveryStore) => Promise<string>;

/** @param run does the work on an open database and prints its result */
function redeliverProgram(user: string, run: (work: Work) => Promise<void>) {
  const time = textLike('a time with an offset, such as 2026-03-01T08:00:00+08:00', INSTANT);
  return newCommand(
    'mpp redeliver',
    'Resends results that were not acknowledged. Works on DATABASE_URL, also while no API is up.',
  )
    .requiredOption('--since <time>', 'final since then', time)
    .option('--until <time>', 'final until then', time)
    .option('--host <host[:port]>', 'only those for this receiver', textLike('a host, or host:port', /^\S+$/))
    .addOption(
      new Option('--status <status>', 'where they stand').choices(REDELIVERABLE).default('PARKED' as const),
    )
    .option('--cap <n>', 'how many at most', wholeNumber(1, MOST_AT_ONCE), USUAL_CAP)
    .option('--dry-run', 'only list them')
    .option(
      '--reason <text>',
      'why, for the history of each payment; needed unless --dry-run',
      textLike('a text'),
    )
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', NOTES)
    .action(async ({ json = false, dryRun = false, reason = '', ...wish }) => {
      if (!dryRun && reason === '') throw new UsageError('--reason is missing');
      const actor = `operator:${user}`;
      await run(async (store) => {
        const report = await redeliverMany(store, { ...wish, dryRun, actor, reason: reason.slice(0, 200) });
        return json ? JSON.stringify(bulkView(report)) : told(report);
      });
    });
}

/** Runs one command line on an open database. */
export async function redeliverCommand(
  args: readonly string[],
  store: RedeliveryStore,
  user: string,
): Promise<CommandResult> {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(text);
  const program = redeliverProgram(user, async (work) => say(await work(store)));
  return { exitCode: await runCommand(program, args, { log: say, error: say }), text: lines.join('\n') };
}

function told({ dryRun, found, hasMore, requested }: BulkReport): string {
  const lines = found.map(
    ({ paymentId, status, host, tries, lastOutcome }) =>
      `${paymentId} ${status} ${host} ${tries} tries ${lastOutcome ?? ''}`,
  );
  const more = hasMore ? '; there are more, run it again for the next ones' : '';
  const end = dryRun ? `${found.length} found, nothing asked for` : `${requested} due now`;
  return [...lines, `${end}${more}`].join('\n');
}

export const command = redeliverProgram(personHere(), async (work) => {
  const database = await openNamedDatabase(process.env);
  try {
    console.log(await work(new RedeliveryStore(database)));
  } finally {
    await database.pool.end();
  }
});

await runProgram(import.meta.url, command);

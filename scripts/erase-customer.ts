import { personHere } from '../command-line/person-here.js';
import { textLike } from '../command-line/option-values.js';
import { Exit, newCommand, runCommand, runProgram, UsageError } from '../command-line/run-command.js';
import { ErasureStore, type ErasureReport } from '../src/payment-order/records/erasure.store.js';
import { openNamedDatabase } from '../src/platform/database/open-named-database.js';

const NOTES = `
Without --yes nothing is changed: it says what would be. Amounts, states, times, ids and hashes stay, and with them the
customer's id: they are the books, and the wallet knows whose they are. Orders' texts, results that were acknowledged, messages
and events go. Payments that are open, or whose result or events are not delivered, are left and named; run it again later.
Who did it and why is kept in customer_erasure. Backups are older than this: run it again after a restore.
Also for the wallet to do: its own books, and mpp keys revoke for a key of this customer.
Exit codes: 0 done, 1 the database could not be used, 2 wrong usage, 3 payments were left.`;

const EXIT_LEFT = 3;
const MOST_NAMED = 100;

export interface Erased {
  readonly exitCode: number;
  readonly text: string;
}

/** @param run does the work on an open database */
function eraseProgram(
  user: string,
  run: (work: (store: ErasureStore) => Promise<void>) => Promise<void>,
  say = console.log,
) {
  return newCommand('mpp erase-customer', 'Erases what is kept of one customer besides the money.')
    .argument(
      '<customerId>',
      'as the wallet calls them',
      textLike('an id of 1 to 64 characters', /^.{1,64}$/su),
    )
    .option('--reason <text>', 'why, kept for ever; needed for --yes', textLike('a text'))
    .option('--yes', 'erase it; there is no way back')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', NOTES)
    .action(async (customerId, { reason = '', yes = false, json = false }) => {
      if (yes && reason === '') throw new UsageError('--reason is missing');
      await run(async (store) => {
        const report = yes
          ? await store.erase({ customerId, actor: `operator:${user}`, reason: reason.slice(0, 200) })
          : await store.look(customerId);
        say(json ? JSON.stringify({ erased: yes, ...report }) : told(report, yes));
        if (report.open.length > 0) throw new Exit(EXIT_LEFT);
      });
    });
}

/** Runs one command line on an open database. */
export async function eraseCommand(
  args: readonly string[],
  store: ErasureStore,
  user: string,
): Promise<Erased> {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(text);
  const program = eraseProgram(user, (work) => work(store), say);
  return { exitCode: await runCommand(program, args, { log: say, error: say }), text: lines.join('\n') };
}

function told({ payments, scans, open }: ErasureReport, isErased: boolean): string {
  const what = `${payments} payments and ${scans} scans without one`;
  return [
    isErased ? `erased: ${what}` : `would be erased: ${what}; nothing is changed without --yes`,
    ...open.slice(0, MOST_NAMED).map((paymentId) => `left, because it is not at rest: ${paymentId}`),
    ...(open.length > MOST_NAMED ? [`and ${open.length - MOST_NAMED} more`] : []),
  ].join('\n');
}

export const command = eraseProgram(personHere(), async (work) => {
  const database = await openNamedDatabase(process.env);
  try {
    await work(new ErasureStore(database));
  } finally {
    await database.pool.end();
  }
});

await runProgram(import.meta.url, command);

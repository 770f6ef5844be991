import { textLike, wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runProgram, UsageError } from '../command-line/run-command.js';
import type { BookTotal } from '../src/debit/reconcile/book-total.js';
import { Reconcile, type Difference, type ReconcileReport } from '../src/debit/reconcile/reconcile.js';
import { INSTANT } from '../src/operations/bulk-fields.js';
import { ReconcileStore } from '../src/payment-order/records/reconcile.store.js';
import { onBooks } from './mpp/asked-ledger.js';
import { plain } from './mpp/operations-api.js';
import { ProgressBar } from './mpp/progress-bar.js';
import { readTransactions } from './reconcile-check/transaction-file.js';

const NOTES = `
Reads only; a role that may select is enough. For a window that is over; a day of Alipay+ is
  --from 2026-03-01T00:00:00+08:00 --to 2026-03-02T00:00:00+08:00
--transactions is what Alipay+ says of those days: CSV with a line of names (*.csv), or one JSON object a line, with
  paymentRequestId  Alipay+'s id of the order
  refundRequestId   of a refund; empty for a payment
  amount, currency  in minor units, as text; of a payment payToAmount, of a refund refundFromAmount or, without one, refundAmount
  status            PAID, CANCELLED, FAILED, REFUNDED; empty: PAID, or REFUNDED with a refundRequestId
  paymentId         ours, where the file has it
Without it the ledger alone is compared. The ledger is asked for its debits of the window, if it lists them, and by key for the
rest. It cannot be asked for refunds. docs/operations.md explains each difference.
Exit codes: 0 the books agree; 1 they differ, or something could not be read; 2 wrong usage, or a line of the file cannot be
read; 3 nothing differs, and not all could be seen.`;

const EXIT_NOT_SEEN = 3;

const time = textLike('a time with an offset, such as 2026-03-01T00:00:00+08:00', INSTANT);

export const command = newCommand(
  'mpp reconcile-check',
  "Holds our books of a window against Alipay+'s transactions and the ledger's debits; changes nothing.",
)
  .requiredOption('--from <time>', 'debits that began from then on', time)
  .requiredOption('--to <time>', 'and before then', time)
  .option('--transactions <file>', 'what Alipay+ says of the window')
  .option('--most <n>', 'how many differences are printed; all are counted', wholeNumber(0), 10_000)
  .option('--json', 'one JSON document on standard output')
  .addHelpText('after', NOTES)
  .action(async ({ from, to, transactions, most, json = false }) => {
    const window = { from: new Date(from), to: new Date(to) };
    if (window.from >= window.to) throw new UsageError('--to must be after --from');
    const kept: Difference[] = [];
    let found = 0;
    let bar: ProgressBar | undefined;
    const { done: report, asked } = await onBooks(process.env, ({ database, ledger }) =>
      new Reconcile(new ReconcileStore(database), ledger)
        .run({
          ...window,
          ...(transactions !== undefined && { partner: readTransactions(transactions) }),
          onDifference: (difference) => {
            found += 1;
            if (found > most) return;
            if (json) kept.push(difference);
            else if (bar) bar.say(line(difference));
            else console.log(line(difference));
          },
          onCompared: (done, all) => (bar ??= new ProgressBar('debits', all)).at(done),
        })
        .finally(() => bar?.stop()),
    );
    const leftOut = Math.max(0, found - most);
    console.log(
      json
        ? JSON.stringify({ ...window, ledger: asked, ...report, list: kept, leftOut })
        : [`the ledger asked: ${asked}`, told(report, found, leftOut)].join('\n'),
    );
    if (found > 0) throw new Exit(1);
    if (report.notSeen.length > 0) throw new Exit(EXIT_NOT_SEEN);
  });

/** Ids come from others: they must not control a terminal. */
function line({ kind, book, paymentRequestId, refundRequestId, key, line: at, ...rest }: Difference): string {
  const where = [refundRequestId && `refund ${refundRequestId}`, key && `debit ${key}`, at && `line ${at}`];
  const time = rest.at === undefined ? [] : [rest.at.toISOString()];
  const words = [
    kind,
    book,
    paymentRequestId,
    ...where,
    `ours: ${rest.ours}, theirs: ${rest.theirs}`,
    ...time,
  ];
  return plain(words.filter(Boolean).join(' '));
}

function told({ totals, differences, notSeen }: ReconcileReport, found: number, leftOut: number): string {
  const books: readonly (readonly [string, BookTotal | undefined])[] = [
    ['our payments', totals.ourPayments],
    ["Alipay+'s payments", totals.alipayPlusPayments],
    ['our refunds', totals.ourRefunds],
    ["Alipay+'s refunds", totals.alipayPlusRefunds],
    ['our debits', totals.ourDebits],
    ["the ledger's debits", totals.ledgerDebits],
  ];
  const sums = books.flatMap(([name, total]) => {
    if (total === undefined) return [];
    const amounts = Object.entries(total.sums).map(([currency, value]) => `${value} ${currency}`);
    return [[`${name}:`.padEnd(21), String(total.count), amounts.join(', ')].join(' ').trimEnd()];
  });
  const kinds = Object.entries(differences).map(([kind, count]) => `${count} ${kind}`);
  return [
    ...(leftOut > 0 ? [`and ${leftOut} more`] : []),
    ...sums,
    found === 0 ? 'the books agree' : `${found} differences: ${kinds.join(', ')}`,
    ...notSeen.map((what) => `NOT SEEN: ${what}`),
  ].join('\n');
}

await runProgram(import.meta.url, command);

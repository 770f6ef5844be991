import { personHere } from '../command-line/person-here.js';
import { textLike } from '../command-line/option-values.js';
import { linesOfFile } from '../command-line/plain-text.js';
import { Exit, newCommand, runProgram, UsageError } from '../command-line/run-command.js';
import { Repair, type Finding, type RepairReport } from '../src/debit/repair/repair.js';
import { INSTANT } from '../src/operations/bulk-fields.js';
import { RepairStore } from '../src/payment-order/records/repair.store.js';
import { onBooks } from './mpp/asked-ledger.js';
import { ProgressBar } from './mpp/progress-bar.js';

const NOTES = `
For the time after a restore or a failover (records.gap_found in the log). Give a window that is a little wider than what may
be lost; times carry an offset: 2026-03-01T08:00:00+08:00. The ledger is asked for the debits of the window, if it lists
them, and by key for our paid orders and for those of --paid: one paymentRequestId a line, everything that Alipay+ counts
as paid on the days of the window (its settlement files). What could not be seen is said.
Without --apply nothing is changed. With it, open orders that were paid are restored by the running workers, and debits of
orders that are over for Alipay+ are given back. Everything else is for a person: docs/runbook.md explains each reason.
It may be run again, and finishes what an interrupted run began.
Exit codes: 0 nothing is left to do; 1 the database or the ledger could not be used; 2 wrong usage; 3 something waits, is
left to be done, or is for a person.`;

const EXIT_SOMETHING_LEFT = 3;

const time = textLike('a time with an offset, such as 2026-03-01T08:00:00+08:00', INSTANT);

export const command = newCommand(
  'mpp repair',
  "After lost commits: holds our records against the ledger's and Alipay+'s, and puts them right.",
)
  .requiredOption('--from <time>', 'commits may have been lost from then on', time)
  .requiredOption('--to <time>', 'and until then', time)
  .option('--paid <file>', 'what Alipay+ counts as paid, one paymentRequestId a line')
  .option('--apply', 'restore and give back what needs no person')
  .option(
    '--reason <text>',
    'why, kept with each debit that is given back; needed for --apply',
    textLike('a text'),
  )
  .option('--json', 'one JSON document on standard output')
  .addHelpText('after', NOTES)
  .action(async ({ from, to, paid, apply = false, reason = '', json = false }) => {
    if (apply && reason === '') throw new UsageError('--reason is missing');
    const window = { from: new Date(from), to: new Date(to) };
    if (window.from >= window.to) throw new UsageError('--to must be after --from');
    const counted = paid === undefined ? {} : { paid: await idsIn(paid) };
    let bar: ProgressBar | undefined;
    const onLooked = (done: number, all: number): void => (bar ??= new ProgressBar('orders', all)).at(done);
    const { done: report, asked } = await onBooks(process.env, async ({ database, ledger }) => {
      const repair = new Repair(new RepairStore(database), ledger);
      const found = await repair
        .look({ ...window, ...counted, now: new Date(), onLooked })
        .finally(() => bar?.stop());
      const order = { actor: `operator:${personHere()}`, reason: reason.slice(0, 200) };
      return apply ? repair.putRight(found, order) : found;
    });
    console.log(json ? JSON.stringify({ applied: apply, ledger: asked, ...report }) : told(report, asked));
    if (report.findings.some(isLeft)) throw new Exit(EXIT_SOMETHING_LEFT);
  });

const PAYMENT_REQUEST_ID = /^[^\s,;"'{}]{1,64}$/;

/**
 * What is not on the list counts as not paid, and its money may go back: so nothing is guessed.
 *
 * @throws UsageError when it is no such list
 */
async function idsIn(file: string): Promise<Set<string>> {
  const ids = (await linesOfFile(file)).map((line) => line.trim());
  if (ids.length === 0)
    throw new UsageError(
      `${file} names no payment; without a list leave --paid out: then none is given back`,
    );
  const other = ids.find((id) => !PAYMENT_REQUEST_ID.test(id));
  if (other !== undefined)
    throw new UsageError(
      `${file} has to be one paymentRequestId a line, and has ${JSON.stringify(other.slice(0, 80))}`,
    );
  return new Set(ids);
}

const isLeft = ({ verdict, done }: Finding): boolean =>
  verdict !== 'agrees' && done !== 'given-back' && done !== 'asked';

function told({ findings, notSeen }: RepairReport, asked: string): string {
  const lines = findings
    .filter(({ verdict }) => verdict !== 'agrees')
    .map(({ verdict, reason, paymentRequestId, key, ours, ledger, done }) =>
      [verdict, reason, paymentRequestId, key ?? '-', `ours: ${ours}`, `ledger: ${ledger}`, done ?? '']
        .join(' ')
        .trim(),
    );
  const agree = findings.filter(({ verdict }) => verdict === 'agrees').length;
  return [
    ...lines,
    `the ledger asked: ${asked}`,
    `${agree} of ${findings.length} orders agree`,
    ...notSeen.map((what) => `NOT SEEN: ${what}`),
  ].join('\n');
}

await runProgram(import.meta.url, command);

import { Option } from '@commander-js/extra-typings';
import { textLike } from '../command-line/option-values.js';
import { linesOfFile } from '../command-line/plain-text.js';
import { Exit, newCommand, runProgram, UsageError } from '../command-line/run-command.js';
import { RecordAnchorStore, windowOf } from '../src/payment-order/records/record-anchor.store.js';
import { CHAINED_RECORDS, rowLine, type ChainedRecord } from '../src/payment-order/records/record-digests.js';
import {
  VerifyRecords,
  type KeptAnchor,
  type RecordFault,
  type Verified,
  type VerifyOptions,
} from '../src/payment-order/records/verify-records.js';
import { openNamedDatabase } from '../src/platform/database/open-named-database.js';

const NOTES = `
Every row of payment_history, operator_action and payment_note has a digest that covers it and the row before it of its payment; at the end
of each day (UTC) a worker keeps what the day's rows come to, and logs it as records.anchored. Reads only; a role that may
select is enough, beside a running service too.
Who can change the database can write its digests anew as well, so keep something outside of it:
  --anchors   the log, or its lines records.anchored: a day that is not what was logged is found
  --list DAY  prints a line for each row of a day; its SHA-256 is the digest of the day's anchor
  --rows      such a list, to name the rows of that day that are gone
Exit codes: 0 everything is as it was written, 1 the database or a file could not be read, 2 wrong usage, 3 faults.`;

const EXIT_FAULTS = 3;
const MOST_PRINTED = 1_000;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const ROW = /^\S+ \S+ (?:[\da-f]{64}|-)$/;

const dayLike = textLike('a day such as 2026-03-01', DAY);

/** There is no 30 February: its list would be empty, which looks as if nothing had happened. */
function day(text: string): string {
  const atMs = Date.parse(`${text}T00:00:00Z`);
  const isDay = !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
  return dayLike(isDay ? text : '');
}

export const command = newCommand(
  'mpp verify-history',
  'Finds rows of the payment history, or of what operators did or noted, that were changed, taken away or put in.',
)
  .option('--from <day>', 'the first day in UTC; without it, the day on which digests began', day)
  .option('--to <day>', 'the last day; without it, today', day)
  .option('--payment <paymentId>', 'only this payment', textLike('a paymentId', UUID))
  .option('--anchors <file>', 'lines of the log')
  .addOption(
    new Option('--record <name>', 'the table of --list and --rows')
      .choices(CHAINED_RECORDS)
      .default('payment_history' as const),
  )
  .option('--list <day>', 'print the list of that day and nothing else', day)
  .option('--rows <file>', 'a list of the day --from')
  .option('--json', 'one JSON document on standard output')
  .addHelpText('after', NOTES)
  .action(async ({ list, json = false, ...wish }) => {
    if (list !== undefined) return onDatabase((store) => print(store, wish.record, list));
    const options = await verifyOptions(wish);
    const verified = await onDatabase((store) => new VerifyRecords(store, options, new Date()).run());
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    console.log(json ? JSON.stringify(verified) : told(verified));
    if (verified.faults.length > 0) throw new Exit(EXIT_FAULTS);
  });

interface Wish {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly payment?: string | undefined;
  readonly anchors?: string | undefined;
  readonly rows?: string | undefined;
  readonly record: ChainedRecord;
}

async function verifyOptions({ from, to, payment, anchors, rows, record }: Wish): Promise<VerifyOptions> {
  if (from !== undefined && to !== undefined && to < from)
    throw new UsageError('--to must not be before --from');
  const isOneDay = from !== undefined && (to ?? from) === from;
  if (rows !== undefined && !isOneDay)
    throw new UsageError('--rows is the list of one day: name it with --from');
  return {
    from,
    to: rows === undefined ? to : from,
    paymentId: payment?.toLowerCase(),
    anchors: anchors === undefined ? undefined : await readAnchors(anchors),
    lists: rows === undefined ? undefined : new Map([[record, await readRows(rows)]]),
    progress: process.stderr.isTTY ? showProgress : undefined,
  };
}

async function onDatabase<T>(work: (store: RecordAnchorStore) => Promise<T>): Promise<T> {
  const database = await openNamedDatabase(process.env);
  try {
    return await work(new RecordAnchorStore(database));
  } finally {
    await database.pool.end();
  }
}

async function print(store: RecordAnchorStore, record: ChainedRecord, of: string): Promise<void> {
  for await (const page of store.rows(record, windowOf(of))) process.stdout.write(page.map(rowLine).join(''));
}

/** Other lines of a log are ignored. */
async function readAnchors(file: string): Promise<KeptAnchor[]> {
  const lines = (await linesOfFile(file)).filter((line) => line.includes('"records.anchored"'));
  if (lines.length === 0) throw new Error(`${file} holds no \`records.anchored\``);
  return lines.map((line) => {
    try {
      return JSON.parse(line) as KeptAnchor;
    } catch (error) {
      throw new UsageError(`${file} has a broken line: ${line.slice(0, 80)}`, { cause: error });
    }
  });
}

/** As `--list` prints them; of a day without rows it is empty. Any other file would name rows of its own. */
async function readRows(file: string): Promise<string[]> {
  const lines = await linesOfFile(file);
  if (!lines.every((line) => ROW.test(line)))
    throw new UsageError(`${file} is no list of rows as --list prints it`);
  return lines;
}

function showProgress(at: string, rows: number): void {
  process.stderr.write(`\r${at}: ${rows} rows`);
}

function told({ rows, rowsWithoutDigest, days, faults, daysKeptOutside }: Verified): string {
  const lines = faults.slice(0, MOST_PRINTED).map(line);
  const more = faults.length > MOST_PRINTED ? [`and ${faults.length - MOST_PRINTED} more`] : [];
  const outside =
    daysKeptOutside > 0
      ? `${daysKeptOutside} days compared with what was kept outside the database`
      : 'nothing was compared with what is kept outside the database (--anchors)';
  const found = faults.length === 0 ? 'all as written' : `${faults.length} faults`;
  const sum = `${rows - rowsWithoutDigest} rows of ${days} days: ${found}`;
  const unknown =
    rowsWithoutDigest > 0
      ? [
          `${rowsWithoutDigest} rows have no digest; unless they are older than an update, it was taken from them`,
        ]
      : [];
  return [...lines, ...more, sum, ...unknown, outside].join('\n');
}

function line({ record, fault, id, paymentId, day: of, detail }: RecordFault): string {
  const parts = [fault, record, id && `row ${id}`, paymentId && `payment ${paymentId}`, of, detail];
  return parts.filter((part) => part !== undefined).join(' ');
}

await runProgram(import.meta.url, command);

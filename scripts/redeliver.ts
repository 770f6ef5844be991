import { userInfo } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import {
  bulkView,
  redeliverMany,
  type BulkReport,
  type BulkRequest,
} from '../src/operations/redelivery/bulk-redelivery.js';
import {
  INSTANT,
  MOST_REDELIVERIES,
  REDELIVERABLE,
  type Redeliverable,
} from '../src/operations/redelivery/redelivery.dto.js';
import { RedeliveryStore } from '../src/payment-order/notification/redelivery.store.js';
import { Database } from '../src/platform/database/database.js';

const USAGE = `Tells results again that nobody acknowledged. Works on DATABASE_URL, also while no API is up.

  npm run redeliver -- --since <time> [--until <time>] [--host <host[:port]>] [--status PARKED|REJECTED|ALL]
                       [--cap <n>] [--json] (--dry-run | --reason <text>)

Times carry an offset: 2026-03-01T08:00:00+08:00. --since and --until are about when the result became final.
--status is PARKED unless it is given, --cap 100, at most ${MOST_REDELIVERIES}, oldest first. --dry-run only lists.
Each one is the same notification with the same bytes, due now, in a window that begins anew. The workers find it
within a few seconds; what became of it is in the operations view of the payment.
Exit codes: 0 done, 1 the database did not answer, 2 wrong usage.`;

export interface CommandResult {
  readonly exitCode: 0 | 1 | 2;
  readonly text: string;
}

class UsageError extends Error {}

/** Runs one command line against an open database. */
export async function redeliverCommand(
  args: readonly string[],
  store: RedeliveryStore,
  user: string,
): Promise<CommandResult> {
  try {
    const { request, asJson } = readRequest(args, user);
    const report = await redeliverMany(store, request);
    return { exitCode: 0, text: asJson ? JSON.stringify(bulkView(report)) : told(report) };
  } catch (error) {
    if (error instanceof UsageError) return { exitCode: 2, text: `${error.message}\n\n${USAGE}` };
    throw error;
  }
}

function readRequest(args: readonly string[], user: string): { request: BulkRequest; asJson: boolean } {
  const { since = '', until, host, cap, status = 'PARKED', reason = '', ...flags } = parse(args);
  const dryRun = flags['dry-run'] ?? false;
  if (!dryRun && reason.trim() === '') throw new UsageError('--reason is missing');
  if (!isRedeliverable(status)) throw new UsageError(`--status must be one of ${REDELIVERABLE.join(', ')}`);
  const request = {
    since: instant('since', since),
    ...(until === undefined ? {} : { until: instant('until', until) }),
    ...(host === undefined ? {} : { host }),
    ...(cap === undefined ? {} : { cap: readCap(cap) }),
    status,
    dryRun,
    actor: `operator:${user}`,
    reason: reason.slice(0, 200),
  };
  return { request, asJson: flags.json ?? false };
}

function readCap(text: string): number {
  const cap = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (cap >= 1 && cap <= MOST_REDELIVERIES) return cap;
  throw new UsageError(`--cap must be a whole number from 1 to ${MOST_REDELIVERIES}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        since: { type: 'string' },
        until: { type: 'string' },
        host: { type: 'string' },
        status: { type: 'string' },
        reason: { type: 'string' },
        cap: { type: 'string' },
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    throw new UsageError('an option that does not exist, or that lacks its value', { cause });
  }
}

function instant(name: string, text: string): string {
  if (INSTANT.test(text)) return text;
  throw new UsageError(`--${name} must be a time with an offset, such as 2026-03-01T08:00:00+08:00`);
}

function isRedeliverable(text: string): text is Redeliverable {
  return REDELIVERABLE.some((status) => status === text);
}

function told({ dryRun, found, hasMore, requested }: BulkReport): string {
  const lines = found.map(
    ({ paymentId, status, host, tries, lastOutcome }) =>
      `${paymentId} ${status} ${host} ${tries} tries ${lastOutcome ?? ''}`,
  );
  const more = hasMore ? '; there are more, run it again for the next ones' : '';
  const end = dryRun ? `${found.length} found, nothing asked for` : `${requested.length} due now`;
  return [...lines, `${end}${more}`].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === '') {
    console.error('DATABASE_URL is not set. With the embedded PostgreSQL use POST /v1/operations/redeliver.');
    return 2;
  }
  const dataSource = new DataSource({ type: 'postgres', url });
  try {
    await dataSource.initialize();
    const store = new RedeliveryStore(new Database(dataSource));
    const { exitCode, text } = await redeliverCommand(args, store, userInfo().username);
    (exitCode === 2 ? console.error : console.log)(text);
    return exitCode;
  } catch (error) {
    console.error(`The database did not answer: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2));
}

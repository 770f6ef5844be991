import 'reflect-metadata';
import pg from 'pg';
import { wholeNumber } from '../command-line/option-values.js';
import { newCommand, readCommandLine } from '../command-line/run-command.js';
import { documentedSearches } from '../test/support/operations/documented-searches.js';
import { OpenedSearch } from '../test/support/operations/opened-search.js';
import { migrateDatabase } from '../src/platform/database/migrate.js';
import { machineName } from './compare/machine.js';
import { measuredExport } from './operations/measured-export.js';
import { measured, type MeasuredSearch } from './operations/measured-search.js';
import { measuredSummary } from './operations/measured-summary.js';
import { measuredWrites } from './operations/measured-writes.js';
import { printReport } from './operations/print-report.js';
import { startSeededServer } from './seeded/seeded-server.js';

/**
 * How long every documented search takes over millions of orders: the first page and the thousandth, the summary, the
 * export of a million rows, and the cost of all their indexes for writers. The database is made in out/bench-seeded at the
 * first run, in minutes, and used again.
 * `npm run bench:operations -- [--orders 5000000] [--samples 15] [--only <part of a name>] [--json]`,
 * or over a database that `npm run seed:operations` made: `--database <postgres://…>`.
 */
const command = newCommand(
  'mpp bench operations',
  'How long every documented search, the summary and the export take over millions of orders.',
)
  .option(
    '--orders <n>',
    'orders in the database that is made at the first run',
    wholeNumber(1, 100_000_000),
    5_000_000,
  )
  .option('--samples <n>', 'samples of each', wholeNumber(1, 10_000), 15)
  .option('--only <text>', 'searches whose name has this in it')
  .option('--database <url>', 'one that "npm run seed:operations" made')
  .option('--json', 'one JSON document on standard output', false);
const { options } = await readCommandLine(command);
/** The thousandth page and one more, because pages are walked in steps of four. */
const DEEPEST_PAGE = 1_001;
const WRITING_ROUNDS = 9;

const tell = (message: string): void => console.error(message);
const database =
  options.database === undefined
    ? await seededDatabase(options.orders)
    : { url: options.database, stop: () => Promise.resolve() };
await migrateDatabase(database.url);
const pool = new pg.Pool({ connectionString: database.url, max: 1 });
const search = new OpenedSearch(database.url);
try {
  const { samples } = options;
  const rows = await measuredSearches(samples);
  // Only some of the searches were measured: the other parts would not belong to them.
  const isWhole = options.only === undefined;
  const report = {
    setting: await setting(samples),
    rows,
    ...(isWhole && {
      summary: await measuredSummary(database.url, samples),
      csv: await measuredExport(database.url, pool),
      writes: await measuredWrites(database.url, WRITING_ROUNDS),
    }),
  };
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
} finally {
  await pool.end();
  await search.close();
  await database.stop();
}

async function seededDatabase(orders: number): Promise<{ url: string; stop(): Promise<void> }> {
  const server = await startSeededServer(false, tell);
  return { url: await server.database({ name: `seeded_${orders}`, orders }), stop: () => server.stop() };
}

async function measuredSearches(samples: number): Promise<MeasuredSearch[]> {
  const all = await documentedSearches(pool);
  const searches = all.filter(({ list, name }) => `${list} ${name}`.includes(options.only ?? ''));
  const rows: MeasuredSearch[] = [];
  for (const one of searches) {
    const row = await measured(search, one, samples, DEEPEST_PAGE);
    rows.push(row);
    tell(
      `${rows.length} of ${searches.length}: ${one.list}, ${one.name}: ${row.firstPage.ms.toFixed(1)} ms, busy ${row.firstPage.busyMs?.toFixed(1)} ms`,
    );
  }
  return rows;
}

async function setting(samples: number): Promise<string> {
  const { rows } = await pool.query<{ version: string; buffers: string; orders: string }>(
    `select current_setting('server_version') as version, current_setting('shared_buffers') as buffers,
       (select count(*) from payment_order)::text as orders`,
  );
  const [row] = rows;
  return `${row?.orders} orders; ${machineName(row?.version ?? '')}, shared_buffers ${row?.buffers}; medians of ${samples} after 3 to warm up, 50 rows a page; busy: of processors, ours and the server's`;
}

import 'reflect-metadata';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { documentedSearches } from '../test/support/operations/documented-searches.js';
import { OpenedSearch } from '../test/support/operations/opened-search.js';
import { openBenchDatabase } from './operations/bench-database.js';
import { measured, type MeasuredSearch } from './operations/measured-search.js';
import { measuredWrites } from './operations/measured-writes.js';

/**
 * How long every documented search takes over millions of orders: the first page, the thousandth beside it, and what the
 * indexes for it cost those who write. The database is made in out/bench-operations at the first run, in minutes, and
 * used again. `npm run bench:operations -- [--orders 5000000] [--samples 15] [--only <part of a name>] [--json]`,
 * or over a database that `npm run seed:operations` made: `--database <postgres://…>`.
 */
const { values: options } = parseArgs({
  options: {
    orders: { type: 'string', default: '5000000' },
    samples: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
    database: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
/** The thousandth and one: pages are walked to by fours. */
const DEEPEST_PAGE = 1_001;
const LIMIT_MS = 50;
const MOST_RATIO = 1.5;

const tell = (message: string): void => console.error(message);
const database =
  options.database === undefined
    ? await openBenchDatabase(Number(options.orders), tell)
    : { url: options.database, sharedBuffers: 'its own', stop: () => Promise.resolve() };
const pool = new pg.Pool({ connectionString: database.url, max: 1 });
const search = new OpenedSearch(database.url);
try {
  const searches = (await documentedSearches(pool)).filter(({ list, name }) =>
    `${list} ${name}`.includes(options.only),
  );
  const rows: MeasuredSearch[] = [];
  for (const one of searches) {
    const row = await measured(search, one, Number(options.samples), DEEPEST_PAGE);
    rows.push(row);
    tell(`${rows.length} of ${searches.length}: ${one.list}, ${one.name}: ${row.firstPageMs.toFixed(1)} ms`);
  }
  tell('writes');
  const writes = await measuredWrites(database.url, 5);
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), shared_buffers ${database.sharedBuffers}`;
  const report = { orders: Number(options.orders), machine, samples: Number(options.samples), rows, writes };
  console.log(options.json ? JSON.stringify(report, null, 2) : table(rows));
  if (!options.json) {
    console.log(`\n${machine}; medians of ${options.samples} after 3 to warm up, 50 rows a page`);
    console.log(
      `writes: ${writes.withSearch.toFixed(0)} payments a second with the indexes for searches, ` +
        `${writes.withoutSearch.toFixed(0)} without, ratio ${writes.ratio.toFixed(2)}`,
    );
  }
} finally {
  await pool.end();
  await search.close();
  await database.stop();
}

function table(rows: readonly MeasuredSearch[]): string {
  const lines = rows.map(({ list, name, total, isEstimate, firstPageMs, deepPage }) => [
    list,
    name,
    `${isEstimate ? '~' : ''}${total}`,
    firstPageMs.toFixed(1) + (firstPageMs > LIMIT_MS ? ' !' : ''),
    deepPage === undefined ? '' : String(deepPage.number),
    deepPage === undefined ? '' : deepPage.ms.toFixed(1),
    deepPage === undefined ? '' : deepPage.ratio.toFixed(2) + (deepPage.ratio > MOST_RATIO ? ' !' : ''),
  ]);
  const head = ['list', 'filter', 'rows', 'page 1, ms', 'page', 'ms', 'ratio'];
  const widths = head.map((title, at) =>
    Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...lines.map(line)].join('\n');
}

import type { MeasuredExport } from './measured-export.js';
import type { MeasuredSearch, PageCost } from './measured-search.js';
import type { MeasuredSummary } from './measured-summary.js';
import type { MeasuredWrites } from './measured-writes.js';
import { textTable } from './text-table.js';

export interface Report {
  readonly setting: string;
  readonly rows: readonly MeasuredSearch[];
  readonly summary?: readonly MeasuredSummary[];
  readonly csv?: MeasuredExport;
  readonly writes?: MeasuredWrites;
}

const LIMIT_MS = 50;
const MOST_RATIO = 1.5;

/** A value over its limit has a `!` after it. Pages are compared by processor time, where it is known. */
export function printReport({ setting, rows, summary, csv, writes }: Report): void {
  console.log(`${setting}\n\n${searchTable(rows)}`);
  if (summary) console.log(`\n${summaryTable(summary)}`);
  if (csv) {
    console.log(
      `\nexport: ${csv.rows} rows, ${(csv.bytes / 1e6).toFixed(0)} MB in ${csv.seconds.toFixed(1)} s, ready to send after ` +
        `${(csv.firstByteMs / 1_000).toFixed(1)} s; most RSS in each tenth of it, in MB: ${csv.rssMb.join(' ')}`,
    );
  }
  if (writes) {
    console.log(
      `\nwrites: ${writes.withSearch.toFixed(0)} payments a second of a processor with the indexes of operations, ` +
        `${writes.withoutSearch.toFixed(0)} without, cost ratio ${(1 / writes.ratio).toFixed(2)}`,
    );
  }
}

function searchTable(rows: readonly MeasuredSearch[]): string {
  const lines = rows.map(({ list, name, total, isEstimate, firstPage, deepPage }) => [
    list,
    name,
    `${isEstimate ? '~' : ''}${total}`,
    marked(firstPage.ms, LIMIT_MS, 1),
    firstPage.busyMs === undefined ? '' : marked(firstPage.busyMs, LIMIT_MS, 1),
    ...(deepPage === undefined
      ? ['', '', '']
      : [
          String(deepPage.number),
          (deepPage.busyMs ?? deepPage.ms).toFixed(1),
          marked(ratioOf(firstPage, deepPage), MOST_RATIO, 2),
        ]),
  ]);
  const head = ['list', 'filter', 'rows', 'page 1, ms', 'busy ms', 'page', 'busy ms', 'ratio'];
  return textTable(head, lines, 2);
}

function marked(value: number, limit: number, decimals: number): string {
  return value.toFixed(decimals) + (value > limit ? ' !' : '');
}

function ratioOf(first: PageCost, later: PageCost): number {
  return (later.busyMs ?? later.ms) / (first.busyMs ?? first.ms);
}

function summaryTable(parts: readonly MeasuredSummary[]): string {
  const lines = parts.map(({ part, counted, ms }) => [part, String(counted), ms.toFixed(1)]);
  return textTable(['summary of', 'counts', 'ms'], lines, 1);
}

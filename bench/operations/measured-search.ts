import type { DocumentedSearch } from '../../test/support/operations/documented-searches.js';
import type { OpenedSearch } from '../../test/support/operations/opened-search.js';
import { median } from '../statistics.js';
import { timed } from './timed.js';
import { processorClock } from './processor-time.js';

export interface MeasuredSearch {
  readonly list: string;
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly total: number;
  readonly isEstimate: boolean;
  readonly firstPage: PageCost;
  /** The last one, where there are fewer than a thousand; absent when there is one. */
  readonly deepPage?: PageCost & { readonly number: number };
}

/** Medians: of elapsed time, and of processor time where that is known. */
export interface PageCost {
  readonly ms: number;
  readonly busyMs?: number;
}

const WARM_UPS = 3;
const ROWS_OF_A_PAGE = 50;
/** A cursor is valid for any length of page, and long ones get there sooner. */
const ROWS_OF_A_STEP = 200;

/**
 * Medians of the first page and the thousandth, in turns, so that other work of the machine affects both alike. A page
 * includes everything: looking up the search text, finding the rows, and estimating their number.
 */
export async function measured(
  opened: OpenedSearch,
  search: DocumentedSearch,
  samples: number,
  deepest: number,
): Promise<MeasuredSearch> {
  const { total } = await opened.page(search);
  const deep = await walkTo(opened, search, deepest);
  const clock = await processorClock((query) => opened.pool.run<{ pid: number }>(query));
  const [first, later] = [new Costs(clock), new Costs(clock)];
  for (let sample = -WARM_UPS; sample < samples; sample += 1) {
    const isKept = sample >= 0;
    await first.add(() => opened.page(search), isKept);
    if (deep) await later.add(() => opened.page(search, { cursor: deep.cursor }), isKept);
  }
  const { list, name, query } = search;
  return {
    list,
    name,
    query,
    total: total.value,
    isEstimate: total.isEstimate,
    firstPage: first.medians(),
    ...(deep && { deepPage: { number: deep.number, ...later.medians() } }),
  };
}

class Costs {
  private readonly ms: number[] = [];
  private readonly busyMs: number[] = [];

  constructor(private readonly clock: (() => number) | undefined) {}

  async add(work: () => Promise<unknown>, isKept: boolean): Promise<void> {
    const before = this.clock?.() ?? 0;
    const ms = await timed(work);
    if (!isKept) return;
    this.ms.push(ms);
    this.busyMs.push((this.clock?.() ?? 0) - before);
  }

  medians(): PageCost {
    return { ms: median(this.ms), ...(this.clock && { busyMs: median(this.busyMs) }) };
  }
}

async function walkTo(
  opened: OpenedSearch,
  search: DocumentedSearch,
  deepest: number,
): Promise<{ cursor: string; number: number } | undefined> {
  let reached: { cursor: string; number: number } | undefined;
  const step = ROWS_OF_A_STEP / ROWS_OF_A_PAGE;
  let page = await opened.page(search, { limit: ROWS_OF_A_STEP });
  for (let number = 1 + step; number <= deepest && page.nextCursor !== undefined; number += step) {
    reached = { cursor: page.nextCursor, number };
    page = await opened.page(search, { cursor: page.nextCursor, limit: ROWS_OF_A_STEP });
  }
  return reached;
}

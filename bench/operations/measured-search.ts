import type { DocumentedSearch } from '../../test/support/operations/documented-searches.js';
import type { OpenedSearch } from '../../test/support/operations/opened-search.js';
import { median, timed } from './median.js';

export interface MeasuredSearch {
  readonly list: string;
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly total: number;
  readonly isEstimate: boolean;
  readonly firstPageMs: number;
  readonly slowestMs: number;
  /** The last one, where there are fewer than a thousand; absent when there is one. */
  readonly deepPage?: { readonly number: number; readonly ms: number; readonly ratio: number };
}

const WARM_UPS = 3;
const ROWS_OF_A_PAGE = 50;
/** A cursor is good for any length of page, and long ones lead there sooner. */
const ROWS_OF_A_STEP = 200;

/**
 * Medians of the first page and the thousandth, taking turns, so that what else the machine does strikes both. A page
 * is all of it: looking up what was typed, finding the rows, and estimating how many there are.
 */
export async function measured(
  opened: OpenedSearch,
  search: DocumentedSearch,
  samples: number,
  deepest: number,
): Promise<MeasuredSearch> {
  const { total } = await opened.page(search);
  const deep = await walkTo(opened, search, deepest);
  const [first, later]: [number[], number[]] = [[], []];
  for (let sample = -WARM_UPS; sample < samples; sample += 1) {
    const firstMs = await timed(() => opened.page(search));
    if (sample >= 0) first.push(firstMs);
    if (deep === undefined) continue;
    const laterMs = await timed(() => opened.page(search, { cursor: deep.cursor }));
    if (sample >= 0) later.push(laterMs);
  }
  const firstPageMs = median(first);
  const { list, name, query } = search;
  return {
    list,
    name,
    query,
    total: total.value,
    isEstimate: total.isEstimate,
    firstPageMs,
    slowestMs: Math.max(...first),
    ...(deep && {
      deepPage: { number: deep.number, ms: median(later), ratio: median(later) / firstPageMs },
    }),
  };
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

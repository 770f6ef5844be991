import type { Query, ReadingPool } from '../../platform/database/reading-pool.js';
import type { TotalDto } from '../answer-parts.dto.js';
import { refuse } from '../operations.problems.js';
import type { Direction, PageCursor } from './keyset.js';
import { readCursor, searchMark, writeCursor } from './page-cursor.js';
import type { Search } from './search.js';
import type { Page } from './search.dto.js';

/** Columns that every listed row has for the cursors, beside its own. */
export interface KeyedRow {
  readonly key_text: string;
  readonly id: string;
}

export interface PageQueries<Row extends KeyedRow, Item> {
  /** Names the list, so that its cursor is not valid for another list. */
  readonly list: string;
  readonly page: (limit: number, cursor?: PageCursor) => Query;
  readonly guess: () => Query;
  readonly item: (row: Row) => Item;
}

/** Reads one page, with the cursors of the next and previous one and the approximate number of rows. */
export async function readPage<Row extends KeyedRow, Item>(
  pool: ReadingPool,
  search: Search<object, string>,
  queries: PageQueries<Row, Item>,
): Promise<Page<Item>> {
  const { filters, q, sort, limit } = search;
  const mark = searchMark(queries.list, sort, filters, q);
  const cursor = cursorOf(search, mark);
  const direction = cursor?.direction ?? 'next';
  // One row more than shown, to know whether there is a next page.
  const read = await pool.run<Row>(queries.page(limit + 1, cursor));
  const hasMore = read.length > limit;
  const rows = inOrder(read, direction, limit);
  const isWhole = !hasMore && cursor === undefined;
  const ways = {
    next: direction === 'next' ? hasMore : true,
    prev: direction === 'prev' ? hasMore : cursor !== undefined,
  };
  const cursorAt = (way: Direction, row: Row | undefined): string | undefined =>
    row && ways[way]
      ? writeCursor({ direction: way, position: { key: row.key_text, id: row.id } }, mark)
      : undefined;
  const [nextCursor, prevCursor] = [cursorAt('next', rows.at(-1)), cursorAt('prev', rows[0])];
  return {
    items: rows.map((row) => queries.item(row)),
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(prevCursor === undefined ? {} : { prevCursor }),
    total: isWhole
      ? { value: rows.length, isEstimate: false }
      : await guessedTotal(pool, queries.guess(), rows.length + (hasMore ? 1 : 0)),
  };
}

function cursorOf({ cursor, sort }: Search<object, string>, mark: string): PageCursor | undefined {
  if (cursor === undefined) return undefined;
  const read = readCursor(cursor, mark, sort);
  if (read) return read;
  const rule = 'must be a cursor of an earlier answer to the same search';
  throw refuse('INVALID_REQUEST', { errors: [{ field: 'cursor', rule }] });
}

function inOrder<Row>(read: readonly Row[], direction: Direction, limit: number): Row[] {
  const rows = read.slice(0, limit);
  return direction === 'next' ? rows : rows.toReversed();
}

interface ExplainRow {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }];
}

/** The planner's estimate of the number of rows; counting millions would cost more than the page. */
export async function guessedTotal(
  reader: Pick<ReadingPool, 'run'>,
  { text, values }: Query,
  atLeast: number,
): Promise<TotalDto> {
  const [row] = await reader.run<ExplainRow>({ text: `explain (format json) ${text}`, values });
  const guessed = row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
  return { value: Math.max(guessed, atLeast), isEstimate: true };
}

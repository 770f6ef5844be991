import type { Query } from '../../platform/database/reading-pool.js';
import type { TimeSort } from './query/list.query.js';

/** A total order of rows: the key to sort by, then an id. */
export interface Keyset {
  /** SQL expressions over the listed row, the second one unique. */
  readonly keys: readonly [string, string];
  readonly types: readonly [string, string];
  /** SQL that writes the first key as text without loss. */
  readonly keyText: string;
  readonly isDescending: boolean;
}

/** The keys of a row, as text. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

export type Direction = 'next' | 'prev';

/** The start or end of a page. Opaque to clients, and valid only for the search that it came from. */
export interface PageCursor {
  readonly direction: Direction;
  readonly position: Position;
}

/** The previous page is read backwards from the start of this one. */
export function orderBy({ keys, isDescending }: Keyset, direction: Direction): string {
  const word = isDescending === (direction === 'next') ? 'desc' : 'asc';
  return `${keys[0]} ${word}, ${keys[1]} ${word}`;
}

/**
 * The condition for rows behind the position, in the direction of reading: one comparison of rows, which an index can
 * start from.
 */
export function beyond(
  { keys, types, isDescending }: Keyset,
  direction: Direction,
  { key, id }: Position,
  values: QueryValues,
): string {
  const sign = isDescending === (direction === 'next') ? '<' : '>';
  return `(${keys[0]}, ${keys[1]}) ${sign} (${values.add(key, types[0])}, ${values.add(id, types[1])})`;
}

/** A time to the microsecond, which a `Date` cannot hold; the same text whatever the session's settings are. */
function timeText(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function byTime(time: string, id: string, isDescending: boolean): Keyset {
  return { keys: [time, id], types: ['timestamptz', 'uuid'], keyText: timeText(time), isDescending };
}

/** The orders of a list that can be sorted only by time. */
export function timeKeysets(time: string, id: string): Readonly<Record<TimeSort, Keyset>> {
  return { '-createdAt': byTime(time, id, true), createdAt: byTime(time, id, false) };
}

/** The parts of the statement of one page. */
interface PageParts {
  readonly where: string;
  readonly order: string;
  /** SQL that writes the key of a row as text, for the cursor. */
  readonly keyText: string;
  readonly values: unknown[];
}

export function pageParts(
  keyset: Keyset,
  cursor: PageCursor | undefined,
  conditionsOf: (values: QueryValues) => readonly string[],
): PageParts {
  const values = new QueryValues();
  const conditions = [...conditionsOf(values)];
  const direction = cursor?.direction ?? 'next';
  if (cursor) conditions.push(beyond(keyset, direction, cursor.position, values));
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return { where, order: orderBy(keyset, direction), keyText: keyset.keyText, values: values.list };
}

/** A statement whose number of rows the planner estimates; `from` is a table and its alias. */
export function guessed(from: string, conditionsOf: (values: QueryValues) => readonly string[]): Query {
  const values = new QueryValues();
  const conditions = ['true', ...conditionsOf(values)];
  return { text: `select from ${from} where ${conditions.join(' and ')}`, values: values.list };
}

/** The values of one statement; its text refers to each by its position. */
export class QueryValues {
  readonly list: unknown[] = [];

  /** @returns `$3::uuid`, say */
  add(value: unknown, type: string): string {
    return `$${this.list.push(value)}::${type}`;
  }
}

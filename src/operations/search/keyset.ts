/** An order of rows that no two rows share a place in: the key that is asked for, then an id. */
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

/** The page before is read backwards from where this one begins. */
export function orderBy({ keys, isDescending }: Keyset, direction: Direction): string {
  const word = isDescending === (direction === 'next') ? 'desc' : 'asc';
  return `${keys[0]} ${word}, ${keys[1]} ${word}`;
}

/** Rows behind the position, in the direction of reading. One comparison of rows, which an index can start from. */
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

export function byTime(time: string, id: string, isDescending: boolean): Keyset {
  return { keys: [time, id], types: ['timestamptz', 'uuid'], keyText: timeText(time), isDescending };
}

/** The values of one statement; each is named in its text by the place it got. */
export class QueryValues {
  readonly list: unknown[] = [];

  /** @returns `$3::uuid`, say */
  add(value: unknown, type: string): string {
    return `$${this.list.push(value)}::${type}`;
  }
}

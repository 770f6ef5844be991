import type { Place } from './sealing.js';

/** A column of `bytea` whose values are sealed. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The table's key, along which it is walked. */
  readonly id: string;
  readonly idType: 'uuid' | 'bigint';
  /** What tells the row before it is written, and never changes. */
  readonly key: readonly string[];
}

/**
 * Where a value of the column stands.
 *
 * ```ts
 * placeOf({ table: 'letter', column: 'text', id: 'letter_id', idType: 'uuid', key: ['letter_id'] }, [letterId]); // letter.text:…
 * ```
 */
export function placeOf({ table, column }: SealedColumn, key: readonly (string | undefined)[]): Place {
  return `${table}.${column}:${key.map((part) => part ?? '').join('|')}`;
}

/** The same in SQL, where a value is read; `row` names its row. */
export function placeIn(row: string, { table, column, key }: SealedColumn): string {
  const told = key.map((part) => `coalesce(${row}.${part}::text, '')`);
  return `'${table}.${column}:' || ${told.join(` || '|' || `)}`;
}

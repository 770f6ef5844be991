import { placeIn, type SealedColumn } from '../sealing/sealed-column.js';
import { sealedHead, UnopenedError, type Place } from '../sealing/sealing.js';
import type { Database, Statement } from './database.js';

/** A column and which of its values are needed at all. */
export interface ResealedColumn extends SealedColumn {
  /** A condition on the row; the value of any other row is emptied. */
  readonly keptWhile?: string;
  /** Where the bytes stand while the column is empty, `r` names the row; and what is set when they are sealed. */
  readonly plain?: { readonly value: string; readonly alsoSet: string };
}

export interface ResealedBatch {
  readonly resealed: number;
  readonly emptied: number;
  /** Values that cannot be opened; they stay as they are. */
  readonly unopened: number;
  /** Where the next batch begins; undefined at the end. */
  readonly next: string | undefined;
}

interface Row {
  readonly id: string;
  readonly place: Place;
  readonly value: Buffer;
  readonly is_needed: boolean;
  /** False of a row that is only passed over. */
  readonly is_old: boolean;
}

/**
 * Seals a batch of values with the key that seals now, each only if it is still what was read: no writer waits, and a
 * row that was changed meanwhile keeps its change. It can be stopped at any moment and started again: what is done is
 * passed over.
 *
 * @param after the last id of the batch before
 */
export async function resealBatch(
  database: Pick<Database, 'sealing' | 'run'>,
  column: ResealedColumn,
  after: string | undefined,
  rows: number,
): Promise<ResealedBatch> {
  const { sealing } = database;
  const current = sealing.sealingKeyId;
  if (current === undefined) throw new Error('no data key seals yet');
  const seen = await database.run<Row>(seenOf(column), [after ?? null, sealedHead(current), rows]);
  const ids: string[] = [];
  const [before, then]: [Buffer[], (Buffer | null)[]] = [[], []];
  let unopened = 0;
  for (const { id, place, value, is_needed: isNeeded } of seen.filter((row) => row.is_old)) {
    try {
      then.push(isNeeded ? sealing.seal(place, sealing.open(place, value)) : null);
      ids.push(id);
      before.push(value);
    } catch (error) {
      if (!(error instanceof UnopenedError)) throw error;
      unopened += 1;
    }
  }
  const changed =
    ids.length === 0 ? [] : await database.run<{ is_empty: boolean }>(changeOf(column), [ids, before, then]);
  const emptied = changed.filter((row) => row.is_empty).length;
  const next = seen.length < rows ? undefined : seen.at(-1)?.id;
  return { resealed: changed.length - emptied, emptied, unopened, next };
}

function valueOf({ column, plain }: ResealedColumn): string {
  return plain ? `coalesce(r.${column}, ${plain.value})` : `r.${column}`;
}

/** $1 the last id before, $2 how a value of the current key begins, $3 how many rows */
function seenOf(sealed: ResealedColumn): Statement {
  const { table, column, id, idType, keptWhile = 'true' } = sealed;
  const value = valueOf(sealed);
  return {
    name: `reseal_seen_${table}_${column}`,
    text: `
      select ${id}::text as id, ${placeIn('r', sealed)} as place, (${keptWhile}) as is_needed,
        ${value} is not null and octet_length(${value}) > 0
          and (not (${keptWhile}) or substring(${value} from 1 for 8) <> $2) as is_old,
        case when substring(${value} from 1 for 8) <> $2 or not (${keptWhile}) then ${value} end as value
      from ${table} r where $1::text is null or ${id} > ($1::text)::${idType} order by r.${id} limit $3`,
  };
}

/** $1 ids, $2 values as they were read, $3 as they shall be */
function changeOf(sealed: ResealedColumn): Statement {
  const { table, column, id, idType, plain } = sealed;
  const more = plain ? `, ${plain.alsoSet}` : '';
  return {
    name: `reseal_${table}_${column}`,
    text: `
      update ${table} r set ${column} = changed.new${more}
      from unnest($1::text[], $2::bytea[], $3::bytea[]) changed (id, old, new)
      where r.${id} = changed.id::${idType} and ${valueOf(sealed)} = changed.old
      returning r.${column} is null as is_empty`,
  };
}

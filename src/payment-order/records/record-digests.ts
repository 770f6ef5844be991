import { createHash } from 'node:crypto';
import type { PaymentId } from '../order/ids.js';

/** The append-only tables whose rows cover one another. */
export const CHAINED_RECORDS = ['payment_history', 'operator_action', 'payment_note'] as const;
export type ChainedRecord = (typeof CHAINED_RECORDS)[number];

/** One row as it stands, with the row that it names as the one before it. */
export interface ChainedRow {
  readonly id: string;
  readonly paymentId: PaymentId;
  /** What the digest covers, as the database writes it. */
  readonly content: string;
  /** Null: written before there were digests, or with the trigger switched off. */
  readonly digest: Buffer | null;
  readonly previousId: string | null;
  /** Of the row that `previousId` names: undefined when there is no such row. */
  readonly previousDigest: Buffer | null | undefined;
}

export type RowFault =
  /** The row says something else than when it was written, or was put in by hand. */
  | 'CHANGED'
  /** The row that this one names as its predecessor is not there. */
  | 'PREDECESSOR_MISSING'
  /** A row between others that have a digest has none: it was put in while the trigger was switched off. */
  | 'PUT_IN';

/** What is wrong with a row; `isChained` when a row of its table with a smaller id has a digest. */
export function rowFault(row: ChainedRow, isChained: boolean): RowFault | undefined {
  if (row.digest === null) return isChained ? 'PUT_IN' : undefined;
  if (row.previousId !== null && row.previousDigest === undefined) return 'PREDECESSOR_MISSING';
  return recordDigest(row.previousDigest ?? null, row.content).equals(row.digest) ? undefined : 'CHANGED';
}

/** As `record_digest` of the database. Computed here, because a function of the database can be replaced. */
function recordDigest(previous: Buffer | null, content: string): Buffer {
  return sha256(previous ?? '', content);
}

/** A day's list has one line for each of its rows, by their ids; its SHA-256 is the day's digest. */
export function rowLine({ id, paymentId, digest }: Pick<ChainedRow, 'id' | 'paymentId' | 'digest'>): string {
  return `${id} ${paymentId} ${digest?.toString('hex') ?? '-'}\n`;
}

export interface DayDigest {
  readonly record: ChainedRecord;
  /** `2026-03-01`, in UTC. */
  readonly day: string;
  readonly rows: number;
  readonly digest: Buffer;
}

/** Ties a day to all the days before it. */
export function chainOf(previous: Buffer | null, { record, day, rows, digest }: DayDigest): Buffer {
  return sha256(previous ?? '', `${record} ${day} ${rows} `, digest);
}

function sha256(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

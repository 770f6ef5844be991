import { createHash } from 'node:crypto';
import type { PageCursor } from './keyset.js';

const VERSION = 1;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
/** One digit more than an amount that can be searched for: all larger amounts sort as equal. */
const AMOUNT = /^\d{1,31}$/;

/** Identifies a search; the same for all its pages, whatever the order of the filters. */
export function searchMark(list: string, sort: string, filters: object, q: string | undefined): string {
  const given = Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([list, sort, given, q ?? null]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

export function writeCursor({ direction, position }: PageCursor, mark: string): string {
  return Buffer.from(JSON.stringify([VERSION, mark, direction, position.key, position.id])).toString(
    'base64url',
  );
}

/** Undefined for a text that this service did not write for this very search. */
export function readCursor(text: string, mark: string, sort: string): PageCursor | undefined {
  const parts = parsed(text);
  if (!Array.isArray(parts) || parts.length !== 5) return undefined;
  const [version, markOfCursor, direction, key, id] = parts as unknown[];
  if (version !== VERSION || markOfCursor !== mark) return undefined;
  if (direction !== 'next' && direction !== 'prev') return undefined;
  if (typeof key !== 'string' || typeof id !== 'string' || !UUID.test(id)) return undefined;
  const isKey = sort.endsWith('amount') ? AMOUNT.test(key) : isTime(key);
  return isKey ? { direction, position: { key, id } } : undefined;
}

/** The day must exist, too: PostgreSQL refuses 31 February, which would be a fault of ours. */
function isTime(text: string): boolean {
  if (!TIME.test(text)) return false;
  const time = new Date(`${text.slice(0, 23)}Z`);
  return (
    !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 23) === text.slice(0, 23) && text >= '0001' // PostgreSQL has no year 0
  );
}

function parsed(text: string): unknown {
  if (!/^[\w-]{1,300}$/.test(text)) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

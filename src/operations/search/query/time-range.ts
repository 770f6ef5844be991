import { DateTime, IANAZone } from 'luxon';
import { withLostPlus } from '../../../platform/http/input/lost-plus.js';
import type { FieldFault } from '../../../platform/http/problem.js';

/** From inclusive, to exclusive; instants of ISO 8601 in UTC. */
export interface TimeRange {
  readonly from?: string;
  readonly to?: string;
}

/** As it was typed: instants, or local times of `zone`. */
export interface TimesAsked {
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
}

const TIME =
  /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3}(?<finer>\d{0,6}))?)?(?<offset>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;
const TIME_RULE =
  'must be a time of ISO 8601, such as 2026-03-01T08:00:00+08:00, or 2026-03-01T08:00:00 together with zone';

type Read = { readonly time: DateTime } | { readonly rule: string };

/**
 * Reads both ends as instants, `from` inclusive and `to` exclusive. A local time needs its zone. When the clocks
 * change, a local time that does not exist is refused; one that exists twice is read so that the range is the wider
 * one.
 */
export function readTimeRange({ from, to, zone }: TimesAsked): { range: TimeRange; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  // Later versions of Node.js also accept an offset as a zone, but an offset is wrong where clocks change.
  const isZone = zone === undefined || (/^[A-Za-z]/.test(zone) && IANAZone.isValidZone(zone));
  if (!isZone) faults.push({ field: 'zone', rule: 'must be a time zone of IANA, such as Asia/Shanghai' });
  const read = (field: 'from' | 'to', text: string | undefined): DateTime | undefined => {
    if (text === undefined) return undefined;
    const result = readTime(text, isZone ? zone : 'utc', field === 'to');
    if ('time' in result) return result.time;
    faults.push({ field, rule: result.rule });
    return undefined;
  };
  const [first, last] = [read('from', from), read('to', to)];
  if (isZone && first && last && first >= last) faults.push({ field: 'to', rule: 'must be later than from' });
  return { range: { ...instant('from', first), ...instant('to', last) }, faults };
}

function readTime(typed: string, zone: string | undefined, takesLater: boolean): Read {
  const match = TIME.exec(withLostPlus(typed));
  if (!match) return { rule: TIME_RULE };
  const { offset, finer = '' } = match.groups ?? {};
  // PostgreSQL and others write microseconds; what is left over of a millisecond widens the range.
  const text = match[0].replace(/(\.\d{3})\d+/, '$1');
  const read = offset === undefined ? localTime(text, zone, takesLater) : instantOf(text);
  if ('time' in read && takesLater && /[1-9]/.test(finer)) return { time: read.time.plus(1) };
  return read;
}

function instantOf(text: string): Read {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  return isReal(time) ? { time } : { rule: 'must be a time that exists' };
}

function localTime(text: string, zone: string | undefined, takesLater: boolean): Read {
  if (zone === undefined) return { rule: 'must have an offset, or zone must say which time zone it is of' };
  const time = DateTime.fromISO(text, { zone });
  // Luxon shifts a local time that does not exist; written back, it differs.
  const isThere = isReal(time) && time.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS").startsWith(text);
  if (!isThere) return { rule: `must be a time that exists in ${zone}` };
  const possible = time.getPossibleOffsets().toSorted((a, b) => a.toMillis() - b.toMillis());
  return { time: possible.at(takesLater ? -1 : 0) ?? time };
}

/** PostgreSQL has no year 0. */
function isReal(time: DateTime): boolean {
  return time.isValid && time.year >= 1 && time.toUTC().year >= 1;
}

function instant(name: 'from' | 'to', time: DateTime | undefined): TimeRange {
  return time === undefined ? {} : { [name]: time.toUTC().toISO() };
}

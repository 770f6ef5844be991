const ZERO = 0x30;
const ISO_8601_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Where the seconds end and a fraction or the offset begins. */
const AFTER_SECONDS = 19;

/**
 * Reads ISO 8601 with an offset or `Z`. Undefined for a local time, whose instant would be a guess, and for a day that
 * does not exist, which `Date` alone would silently move into the next month. Parts of a millisecond are cut off.
 */
export function readDatetime(text: string): Date | undefined {
  if (!ISO_8601_WITH_OFFSET.test(text)) return undefined;
  const wall = wallClock(text);
  const offset = offsetMinutes(text);
  if (wall === undefined || offset === undefined) return undefined;
  return new Date(wall + fractionMs(text) - offset * 60_000);
}

/** Writes the spelling the API pages show: seconds and an explicit offset, `2019-11-27T12:01:01+08:00`; ours is UTC. */
export function writeDatetime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+00:00`;
}

function wallClock(text: string): number | undefined {
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, AFTER_SECONDS),
  ];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? at.getTime() : undefined;
}

function fractionMs(text: string): number {
  const first = text[AFTER_SECONDS];
  if (first !== '.' && first !== ',') return 0;
  const [fraction = ''] = /^\d*/.exec(text.slice(AFTER_SECONDS + 1)) ?? [];
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function offsetMinutes(text: string): number | undefined {
  const end = text.length;
  if (text.endsWith('Z')) return 0;
  const hasColon = text[end - 3] === ':';
  const hoursEnd = hasColon ? end - 3 : end - 2;
  const [hours, minutes] = [digits(text, hoursEnd - 2, hoursEnd), digits(text, end - 2, end)];
  if (minutes > 59 || hours > 14) return undefined;
  const size = hours * 60 + minutes;
  return text[hoursEnd - 3] === '-' ? -size : size;
}

/** Read in place: every answer holds some of these, and cutting out each part would take most of the time. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
}

const ISO_8601_WITH_OFFSET =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,15}))?)?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/i;

const MINUTE_MS = 60_000;

/**
 * Reads ISO 8601 with an offset or `Z`, in every form the standard allows for an instant: without seconds, `+08`, up to
 * 15 digits of a fraction, `t` and `z` in small letters as RFC 3339 has it, `24:00:00` for the end of a day, and a leap second, which is the first moment of the next
 * minute. Undefined for a local time, whose instant would be a guess, for a day that does not exist, which `Date` alone
 * would silently move into the next month, and for an instant outside the years 1 to 9999, which neither JSON nor the
 * database writes in four digits. Parts of a millisecond are cut off.
 */
export function readDatetime(text: string): Date | undefined {
  const parts = ISO_8601_WITH_OFFSET.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second = 0, fraction = '', sign, hours = 0, minutes = 0] = parts;
  const midnight = dayOf(Number(year), Number(month), Number(day));
  const inDay = timeOfDay(Number(hour), Number(minute), Number(second), fraction);
  const offset = offsetMinutes(sign, Number(hours), Number(minutes));
  if (midnight === undefined || inDay === undefined || offset === undefined) return undefined;
  const at = new Date(midnight + inDay - offset * MINUTE_MS);
  if (second === '60' && !isMidnight(at)) return undefined;
  return hasFourDigitYear(at) ? at : undefined;
}

/** Writes the spelling the API pages show: seconds and an explicit offset, `2019-11-27T12:01:01+08:00`; ours is UTC. */
export function writeDatetime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+00:00`;
}

function hasFourDigitYear(at: Date): boolean {
  return at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9_999;
}

function dayOf(year: number, month: number, day: number): number | undefined {
  // Date.UTC would take the years 1 to 99 for those of the twentieth century.
  const at = new Date(Date.UTC(2000, 0, 1));
  at.setUTCFullYear(year, month - 1, day);
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? at.getTime() : undefined;
}

function timeOfDay(hour: number, minute: number, second: number, fraction: string): number | undefined {
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && /^0*$/.test(fraction);
  const isLeapSecond = second === 60 && minute === 59;
  if ((hour > 23 && !isEndOfDay) || minute > 59 || (second > 59 && !isLeapSecond)) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1_000 + ms;
}

/** Leap seconds are put in at the end of a day of UTC and nowhere else. */
function isMidnight(at: Date): boolean {
  return at.getUTCHours() === 0 && at.getUTCMinutes() === 0 && at.getUTCSeconds() === 0;
}

function offsetMinutes(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (minutes > 59 || hours > 14) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

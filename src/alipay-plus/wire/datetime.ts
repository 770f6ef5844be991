const ISO_8601_WITH_OFFSET =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))$/;

/**
 * Reads ISO 8601 with an offset or `Z`. Undefined for a local time, whose instant would be a guess, and for a day that
 * does not exist, which `Date` alone would silently move into the next month. Parts of a millisecond are cut off.
 */
export function readDatetime(text: string): Date | undefined {
  const parts = ISO_8601_WITH_OFFSET.exec(text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const wall = wallClock([year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0]);
  const offset = offsetMinutes(parts[8], parts[9], parts[10]);
  if (wall === undefined || offset === undefined) return undefined;
  const fractionMs = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return new Date(wall + fractionMs - offset * 60_000);
}

/** Writes the spelling the API pages show: seconds and an explicit offset, `2019-11-27T12:01:01+08:00`; ours is UTC. */
export function writeDatetime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+00:00`;
}

type WallClock = readonly [
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
];

function wallClock([year, month, day, hour, minute, second]: WallClock): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? at.getTime() : undefined;
}

function offsetMinutes(
  sign: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
): number | undefined {
  if (sign === undefined) return 0;
  const size = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || Number(hours) > 14) return undefined;
  return sign === '-' ? -size : size;
}

/** Writes a time as ISO 8601 with the offset of one place. */
export type Clock = (at: Date) => string;

/** Alipay+ counts its days, and so its deadlines, at UTC+8. */
const atAlipayPlus: Clock = (at) =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().replace('Z', '+08:00');

/** @param zone a name of IANA; `Intl` throws at one it does not know */
function clockOf(zone: string): Clock {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'longOffset',
  });
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const offset = part.timeZoneName === 'GMT' ? '+00:00' : part.timeZoneName?.replace('GMT', '');
    const time = `${part.hour}:${part.minute}:${part.second}.${part.fractionalSecond}`;
    return `${part.year}-${part.month}-${part.day}T${time}${offset}`;
  };
}

/**
 * The same view with every time on three clocks: `at` in UTC, `atUtc8` as Alipay+ counts, and `atLocal` in the zone of
 * the one who asks, when they named one. What is absent is left out.
 */
export function onClocks(view: Readonly<Record<string, unknown>>, zone?: string): Record<string, unknown> {
  const local = zone === undefined ? undefined : clockOf(zone);
  return fieldsOnClocks(view, local);
}

function fieldsOnClocks(fields: object, local: Clock | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]: [string, unknown]) => {
      if (value === undefined || value === null) return [];
      if (value instanceof Date) return timesOf(name, value, local);
      return [[name, valueOnClocks(value, local)] as const];
    }),
  );
}

function timesOf(name: string, at: Date, local: Clock | undefined): (readonly [string, string])[] {
  const times: [string, string][] = [
    [name, at.toISOString()],
    [`${name}Utc8`, atAlipayPlus(at)],
  ];
  return local === undefined ? times : [...times, [`${name}Local`, local(at)]];
}

function valueOnClocks(value: unknown, local: Clock | undefined): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => valueOnClocks(one, local));
  return typeof value === 'object' && value !== null ? fieldsOnClocks(value, local) : value;
}

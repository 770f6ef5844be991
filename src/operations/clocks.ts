import { ApiProperty, ApiPropertyOptional } from '../platform/http/api-description.js';

/** Writes a time as ISO 8601 with the offset of one place. */
type Clock = (at: Date) => string;

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

/** The type of a view after `onClocks`: every time under its three names. */
export type OnClocks<View> = View extends Date
  ? string
  : View extends readonly (infer Item)[]
    ? readonly OnClocks<Item>[]
    : View extends object
      ? FieldsOnClocks<View>
      : View;

type FieldsOnClocks<View> = {
  readonly [Name in keyof View as Name | UtcName<View, Name>]: OnClocks<View[Name]>;
} & { readonly [Name in keyof View as LocalName<View, Name>]?: string };

type UtcName<View, Name extends keyof View> =
  NonNullable<View[Name]> extends Date ? `${Name & string}Utc8` : never;
type LocalName<View, Name extends keyof View> =
  NonNullable<View[Name]> extends Date ? `${Name & string}Local` : never;

/**
 * The same view with every time on three clocks: `at` in UTC, `atUtc8` as Alipay+ counts, and `atLocal` in the zone of
 * the caller, when they named one. What is absent is left out.
 */
export function onClocks<View extends object>(view: View, zone?: string): OnClocks<View> {
  const local = zone === undefined ? undefined : clockOf(zone);
  return fieldsOnClocks(view, local) as OnClocks<View>; // the type `OnClocks` describes what this function does
}

/** Describes a time of a view under its three names in the answer. */
export function ApiTime(description?: string): (view: object, name: string) => void {
  return describedTime(ApiProperty as Describe, description);
}

/** The same for a time that may be absent. */
export function ApiOptionalTime(description?: string): (view: object, name: string) => void {
  return describedTime(ApiPropertyOptional as Describe, description);
}

type Describe = (options: object) => (view: object, name: string) => void;

function describedTime(describe: Describe, description?: string): (view: object, name: string) => void {
  const time = { type: String, format: 'date-time' };
  return (view, name) => {
    describe({ ...time, ...(description === undefined ? {} : { description }) })(view, name);
    describe({ ...time, description: 'The same time at UTC+8.' })(view, `${name}Utc8`);
    (ApiPropertyOptional as Describe)({ ...time, description: 'The same time in `zone`.' })(
      view,
      `${name}Local`,
    );
  };
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

const FIXED = new Set(['time', 'level', 'event']);

/** A JSON event as one line for a person at a terminal: time, level, verb, then the fields as `name=value`. */
export function textLine(json: string): string {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return json;
  const fields = new Map(Object.entries(parsed));
  const time = String(fields.get('time')).slice(11, 23);
  const level = String(fields.get('level')).toUpperCase().padEnd(5);
  const rest = [...fields]
    .filter(([name]) => !FIXED.has(name))
    .map(([name, value]) => `${name}=${written(value)}`);
  return `${[time, level, fields.get('event'), ...rest].join(' ')}\n`;
}

function written(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+-]+$/.test(value)) return value;
  return JSON.stringify(value);
}

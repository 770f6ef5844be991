export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The object in the bytes, or null. Bytes that are not UTF-8 are refused, so text and bytes correspond one to one. */
export function readObject(bytes: Uint8Array): { readonly text: string; readonly object: JsonObject } | null {
  try {
    const text = UTF8.decode(bytes);
    const object: unknown = JSON.parse(text);
    return isObject(object) ? { text, object } : null;
  } catch {
    return null;
  }
}

export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : null;
}

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isObject(found)) return undefined;
    found = found[key];
  }
  return found;
}

/** One text for equal values: member order does not count, and null counts as absent. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) => (isObject(member) ? sortedMembers(member) : member)) ??
    ''
  );
}

function sortedMembers(object: JsonObject): JsonObject {
  const members = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface ScalarFault {
  readonly path: string;
  readonly reason: 'must be a string' | 'must not be empty' | 'is nested too deeply';
}

const MAX_DEPTH = 12;

/** The wire rule for every message: scalars are strings, and an unused field is left out or null, never "". */
export function scalarFault(value: unknown, path = '', depth = 0): ScalarFault | null {
  if (value === null) return null;
  if (value === '') return { path, reason: 'must not be empty' };
  if (typeof value === 'string') return null;
  if (typeof value !== 'object') return { path, reason: 'must be a string' };
  if (depth >= MAX_DEPTH) return { path, reason: 'is nested too deeply' };
  for (const [key, member] of Object.entries(value)) {
    const fault = scalarFault(member, path === '' ? key : `${path}.${key}`, depth + 1);
    if (fault) return fault;
  }
  return null;
}

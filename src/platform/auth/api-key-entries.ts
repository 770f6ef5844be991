import type { Principal } from './caller.js';

export interface ApiKey {
  /** Lower-case hex SHA-256 of the token; the token itself is not stored. */
  readonly sha256: string;
  readonly principal: Principal;
  /** The key opens nothing after this time; absent: it has no end. */
  readonly expiresAt?: Date;
}

export type ApiKeysRead =
  | { readonly outcome: 'read'; readonly keys: readonly ApiKey[] }
  | { readonly outcome: 'refused'; readonly faults: readonly string[] };

const KNOWN_FIELDS = new Set(['name', 'sha256', 'scopes', 'customerId', 'expiresAt']);
/** Characters a scope may hold (RFC 6749, section 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Reads the text of a key file; every fault is named by entry and field, and never with a value. */
export function readApiKeys(text: string): ApiKeysRead {
  const entries = parseList(text);
  if (entries === undefined) return { outcome: 'refused', faults: ['must be a JSON list'] };
  const faults = [
    ...entries.flatMap(entryFaults),
    ...repeated(entries, 'name'),
    ...repeated(entries, 'sha256'),
  ];
  if (faults.length > 0) return { outcome: 'refused', faults };
  return { outcome: 'read', keys: entries.map(keyOf) };
}

function parseList(text: string): Record<string, unknown>[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    // A value that is not an object has no fields; each field is then reported as missing.
    return Array.isArray(parsed) ? parsed.map((entry: unknown) => ({ ...Object(entry) })) : undefined;
  } catch {
    // The parser quotes the text it trips over, and this text holds hashes of tokens.
    return undefined;
  }
}

function entryFaults(entry: Record<string, unknown>, at: number): string[] {
  const { name, sha256, scopes, customerId, expiresAt } = entry;
  const rules: [field: string, isBroken: boolean, rule: string][] = [
    ['name', !isText(name), 'must be a text that is not empty'],
    ['sha256', !isText(sha256) || !/^[\da-f]{64}$/i.test(sha256), 'must be 64 hexadecimal digits'],
    ['scopes', !isScopeList(scopes), 'must be a list of scopes, at least one'],
    ['customerId', !isNone(customerId) && !isText(customerId), 'must be a text, null or absent'],
    [
      'expiresAt',
      !isNone(expiresAt) && !isInstant(expiresAt),
      'must be a time with its offset, null or absent',
    ],
  ];
  const broken = rules
    .filter(([, isBroken]) => isBroken)
    .map(([field, , rule]) => `entry ${at}: ${field} ${rule}`);
  const unknown = Object.keys(entry).filter((field) => !KNOWN_FIELDS.has(field));
  return [...broken, ...unknown.map((field) => `entry ${at}: ${JSON.stringify(field)} is not a known field`)];
}

/** With one token for two names nobody could say which of them is calling. */
function repeated(entries: readonly Record<string, unknown>[], field: string): string[] {
  const values = entries.map((entry) => String(entry[field]).toLowerCase());
  return values.flatMap((value, at) => {
    const first = values.indexOf(value);
    const isRepeated = first < at && isText(entries[at]?.[field]);
    return isRepeated ? [`entry ${at}: ${field} is the same as that of entry ${first}`] : [];
  });
}

function keyOf({ name, sha256, scopes, customerId, expiresAt }: Record<string, unknown>): ApiKey {
  const principal = { name: String(name), scopes: new Set(Array.isArray(scopes) ? scopes.map(String) : []) };
  return {
    sha256: String(sha256).toLowerCase(),
    principal: isText(customerId) ? { ...principal, subject: customerId } : principal,
    ...(isText(expiresAt) ? { expiresAt: new Date(expiresAt) } : {}),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Without an offset each machine would read a different time. */
function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}

function isNone(value: unknown): boolean {
  return value === null || value === undefined;
}

function isScopeList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'string' && SCOPE.test(one))
  );
}

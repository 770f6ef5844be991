/** What replaces a secret. */
export const REDACTED = '[redacted]';

const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const MAX_TEXT_LENGTH = 8_192;

/** Found anywhere in a key once case and separators are taken away, so `X-Api-Key` and `apiKey` are one. */
const SECRET_PARTS = [
  'codevalue',
  'token',
  'authorization',
  'signature',
  'secret',
  'password',
  'passwd',
  'passphrase',
  'credential',
  'cookie',
  'bearer',
  'apikey',
  'privatekey',
  'signingkey',
  'keymaterial',
  'keypem',
  'jwt',
];

/** Too short to look for inside other words: `pem` also stands in `temperature`. */
const SECRET_WORDS = new Set(['pem', 'jwk', 'jwks', 'pin', 'otp', 'cvv']);

/** Secrets recognized by their shape wherever they are: error messages and stacks quote what they were given. */
const SECRET_SHAPES: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, REDACTED],
  [/\b([a-z][a-z\d+.-]{0,20}:\/\/[^\s:/@]{0,200}):[^\s/@]{1,200}@/gi, `$1:${REDACTED}@`],
  [/\b(signature|codeValue|password|secret|token)(["']?\s*[=:]\s*["']?)[^\s,;"'&]+/gi, `$1$2${REDACTED}`],
];

/** A program logs few names; the limit is against names that come from outside. */
const MAX_KNOWN_NAMES = 1_000;
const knownNames = new Map<string, boolean>();

export function isSecretName(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const isSecret = looksSecret(name);
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.set(name, isSecret);
  return isSecret;
}

function looksSecret(name: string): boolean {
  const squeezed = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (SECRET_PARTS.some((part) => squeezed.includes(part))) return true;
  return name
    .split(/(?<=[a-z0-9])(?=[A-Z])|[^a-zA-Z0-9]+/)
    .some((word) => SECRET_WORDS.has(word.toLowerCase()));
}

/** Ids and words of ours, which are most of what is logged: each of the shapes has a mark that is none of these. */
const PLAIN = /^[\w-]*$/;
/** True for every text that one of the shapes may match; other texts pass after this one check. */
const SUSPICIOUS = /BEGIN|bearer|basic|eyJ|:\/\/|signature|codeValue|password|secret|token/i;

/** Removes secrets that are recognized by their shape from a text, and limits its length. */
export function scrubText(text: string): string {
  // Cut first: the patterns then run over a bounded text, whatever a caller passes.
  const bounded = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
  if (PLAIN.test(bounded) || !SUSPICIOUS.test(bounded)) return bounded;
  return SECRET_SHAPES.reduce((scrubbed, [shape, stand]) => scrubbed.replace(shape, stand), bounded);
}

/**
 * What of an object may be written to a log, name by name. Types promise flat fields, but a log line is the one place
 * where a broken promise leaks for ever, so nested values, cycles, getters that throw and bytes are all expected.
 */
export function loggableNames(fields: object): readonly string[] {
  const names = Object.keys(fields);
  return names.length > MAX_ENTRIES ? names.slice(0, MAX_ENTRIES) : names;
}

/** Undefined for what is left out. */
export function loggableValue(fields: object, name: string): unknown {
  return redactEntry(fields, name, 0, undefined);
}

/** @param above the objects around this one, to recognize cycles */
function redactEntry(
  fields: object,
  name: string,
  depth: number,
  above: ReadonlySet<object> | undefined,
): unknown {
  const entry = readSafely(fields, name);
  if (entry === undefined) return undefined;
  if (isSecretName(name) && !isHarmless(entry)) return REDACTED;
  return redactValue(entry, depth + 1, above ?? NOTHING);
}

const NOTHING: ReadonlySet<object> = new Set();

function redactValue(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  return redactObject(value, depth, above);
}

function redactObject(
  value: object,
  depth: number,
  above: ReadonlySet<object>,
): Record<string, unknown> | string {
  // Bytes are keys, signatures or bodies; none of them belongs on a line.
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return REDACTED;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth > MAX_DEPTH || above.has(value)) return '[omitted]';
  const path = new Set(above).add(value);
  const copy: Record<string, unknown> = Object.create(null);
  for (const name of loggableNames(value)) copy[name] = redactEntry(value, name, depth, path);
  return copy;
}

/** A flag says that a secret was there or was right, never which. */
function isHarmless(value: unknown): boolean {
  return typeof value === 'boolean' || value === null;
}

function readSafely(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    // A getter that throws must not take the event with it.
    return '[unreadable]';
  }
}

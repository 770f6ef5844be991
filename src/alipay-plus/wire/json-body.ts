import { exceededLimit, outlineOf, type JsonLimits } from '../../platform/http/json-outline.js';
import { isJsonObject, type JsonObject } from './wire-reader.js';

export type JsonBody =
  | { readonly readable: true; readonly json: JsonObject }
  | { readonly readable: false; readonly reason: string };

/** Many times what any call has; a signed call must not block the process either. */
const CALL_LIMITS: JsonLimits = { entries: 1_000, depth: 32 };

/** Decodes a body strictly: a byte that is no UTF-8 would become a question mark inside an id or a name. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** As `readJsonBody`, for calls that come unasked and as often as their sender likes. */
export function readCallBody(body: Buffer): JsonBody {
  const exceeded = exceededLimit(body, CALL_LIMITS);
  return exceeded === undefined
    ? readJsonBody(body)
    : { readable: false, reason: `body exceeds ${exceeded}` };
}

/** Reads the bytes of a body whose signature has been checked, or of one that is only looked at for evidence. */
export function readJsonBody(body: Buffer): JsonBody {
  const text = decoded(body);
  if (text === undefined) return { readable: false, reason: 'body is not UTF-8' };
  const value = parsed(text);
  if (value === undefined) return { readable: false, reason: 'body is not JSON' };
  if (!isJsonObject(value)) return { readable: false, reason: 'body is not a JSON object' };
  // The sender may have meant either; we must not choose between two amounts.
  const outline = outlineOf(body, value);
  if (outline.namesAKeyTwice) return { readable: false, reason: 'body names a key twice' };
  const json = outline.hasBareNumber ? parsed(withoutRounded(text)) : value;
  return { readable: true, json: isJsonObject(json) ? json : value };
}

const TEXTS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Puts an empty list, which no scalar accepts, where `JSON.parse` would give another number than was written: an amount
 * of 8561.0000000000000001 would read as a whole one.
 */
function withoutRounded(json: string): string {
  return json.replace(TEXTS_AND_NUMBERS, (token) =>
    token.startsWith('"') || isExactNumber(token) ? token : '[]',
  );
}

/** The largest double has 309 digits. A longer number is nonsense, and its zeros would take minutes to count. */
const MAX_NUMBER_LENGTH = 400;

/** Whether the double a number of JSON becomes is the number that was written: `10.0000` and `1e3` lose nothing. */
function isExactNumber(token: string): boolean {
  if (token.length > MAX_NUMBER_LENGTH) return false;
  const read = String(Number(token));
  return read === token || plainNumber(read) === plainNumber(token);
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The one spelling of a number: its digits without zeros at either end, and where the point stands. */
function plainNumber(token: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(token) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  const scale = Number(exponent) - fraction.length + digits.length - kept.length;
  return kept === '' ? '0' : `${sign}${kept}e${scale}`;
}

function decoded(body: Buffer): string | undefined {
  try {
    return strictUtf8.decode(body);
  } catch {
    // The only possible error: a byte that is not UTF-8.
    return undefined;
  }
}

/** JSON has no `undefined`, so it marks a text that is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

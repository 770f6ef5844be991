import { CURRENCY_DIGITS, MAX_AMOUNT_DIGITS } from '../../platform/currencies.js';
import { fitsCharacters, isStorable } from './characters.js';
import { readDatetime } from './datetime.js';
import type { WireShape } from './wire-field.js';

/** True for an alphabetic code of ISO 4217, in capitals as the standard writes it. */
function isCurrencyCode(text: string): boolean {
  return CURRENCY_DIGITS.has(text);
}

/**
 * The two currencies of `EUR/USD`; undefined when it is not two codes of ISO 4217. They may be the same: `KRW/KRW` is
 * how a surcharge within one currency is quoted.
 */
export function readCurrencyPair(text: string): readonly [first: string, second: string] | undefined {
  const first = text.slice(0, 3);
  const second = text.slice(4);
  if (text[3] !== '/') return undefined;
  return isCurrencyCode(first) && isCurrencyCode(second) ? [first, second] : undefined;
}

/** Free text. Too long a text is a fault and still kept, so that a long shop name does not stop a payment. */
export function text(maxCharacters: number): WireShape {
  return scalar({
    type: 'text',
    limit: `${maxCharacters} characters`,
    rule: `must be text of at most ${maxCharacters} characters`,
    keptWhenFaulty: true,
    accepts: (value) =>
      typeof value === 'string' && fitsCharacters(value, maxCharacters) && isStorable(value),
  });
}

/** One of a closed list of words. A word the list does not know is a fault and still kept. */
export function oneOf(words: readonly string[]): WireShape {
  return scalar({
    type: 'word',
    limit: words.join(', '),
    rule: `must be one of ${words.join(', ')}`,
    keptWhenFaulty: true,
    accepts: (value) => typeof value === 'string' && words.includes(value),
  });
}

/** `"true"` or `"false"`. Partners have sent capitals and a stray blank; any other word stays unread and is refused. */
export function flag(): WireShape {
  return scalar({
    type: 'flag',
    limit: 'true, false',
    rule: 'must be "true" or "false"',
    keptWhenFaulty: false,
    accepts: (value) => typeof value === 'boolean',
    read: (text) => {
      const word = text.trim().toLowerCase();
      return word === 'true' || word === 'false' ? word === 'true' : text;
    },
  });
}

/**
 * A whole number of at least 1, written without sign, leading zero or blank, so that the text that is echoed later is
 * the only spelling of its value. The API names no upper bound; ours is far beyond every amount that is meant.
 */
export function natural(): WireShape {
  return scalar({
    type: 'natural number',
    limit: `1 to unlimited; read up to ${MAX_AMOUNT_DIGITS} digits`,
    rule: `must be a natural number of at least 1, as a string of digits (${MAX_AMOUNT_DIGITS} at most)`,
    keptWhenFaulty: false,
    accepts: (value) =>
      typeof value === 'string' && value.length <= MAX_AMOUNT_DIGITS && /^[1-9]\d*$/.test(value),
  });
}

/** A plain decimal above zero: no sign, no exponent. */
export function decimal(maxCharacters: number): WireShape {
  return scalar({
    type: 'decimal',
    limit: `${maxCharacters} characters`,
    rule: `must be a decimal above zero of at most ${maxCharacters} characters`,
    keptWhenFaulty: false,
    accepts: (value) =>
      typeof value === 'string' &&
      value.length <= maxCharacters &&
      /^\d+(\.\d+)?$/.test(value) &&
      /[1-9]/.test(value),
  });
}

export function currency(): WireShape {
  return scalar({
    type: 'currency',
    limit: '3 characters, ISO 4217',
    rule: 'must be a currency code of ISO 4217',
    keptWhenFaulty: false,
    accepts: (value) => typeof value === 'string' && isCurrencyCode(value),
  });
}

export function currencyPair(): WireShape {
  return scalar({
    type: 'currency pair',
    limit: '8 characters, as EUR/USD',
    rule: 'must be two currency codes of ISO 4217 as in EUR/USD',
    keptWhenFaulty: false,
    accepts: (value) => typeof value === 'string' && readCurrencyPair(value) !== undefined,
  });
}

export function datetime(): ScalarShape {
  return scalar({
    type: 'datetime',
    limit: 'ISO 8601 with offset',
    rule: 'must be a date and time of ISO 8601 with an offset',
    keptWhenFaulty: false,
    accepts: (value) => typeof value === 'string' && readDatetime(value) !== undefined,
  });
}

/** A time that is only information: one that cannot be read counts as absent, and stops no payment. */
export function sideTime(): WireShape {
  const { kind } = datetime();
  return scalar({ ...kind, isHarmless: true });
}

/** Schemes that run or carry content instead of naming a place; a payer's app must never be sent there. */
const ACTIVE_SCHEMES: ReadonlySet<string> = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:']);

/** An absolute address. Apps have schemes of their own, so that more than https is let through. */
export function url(maxCharacters: number): WireShape {
  return scalar({
    type: 'URL',
    limit: `${maxCharacters} characters`,
    rule: `must be an absolute URL of at most ${maxCharacters} characters`,
    keptWhenFaulty: false,
    accepts: (value) =>
      typeof value === 'string' && fitsCharacters(value, maxCharacters) && namesAPlace(value),
  });
}

/** The parser forgives blanks around and line breaks inside an address; a browser that opens it later may not. */
function namesAPlace(address: string): boolean {
  if (/\s/.test(address) || !isStorable(address)) return false;
  const scheme = schemeOf(address);
  return scheme !== undefined && !ACTIVE_SCHEMES.has(scheme);
}

/** Undefined for a text that is not an absolute address. */
function schemeOf(address: string): string | undefined {
  try {
    return new URL(address).protocol;
  } catch {
    // The only error there is. Asking before would parse every good address twice.
    return undefined;
  }
}

type ScalarShape = Extract<WireShape, { shape: 'scalar' }>;

function scalar(kind: ScalarShape['kind']): ScalarShape {
  return { shape: 'scalar', kind };
}

import currencyCodes from 'currency-codes';

/** Looked up several times per answer; the package itself searches a list and ignores case. */
const ISO_4217: ReadonlySet<string> = new Set(currencyCodes.codes());

/** True for an alphabetic code of ISO 4217, in capitals as the standard writes it. */
export function isCurrencyCode(text: string): boolean {
  return ISO_4217.has(text);
}

/** The two currencies of `EUR/USD`; undefined when it is not two different codes of ISO 4217. */
export function readCurrencyPair(text: string): readonly [first: string, second: string] | undefined {
  const first = text.slice(0, 3);
  const second = text.slice(4);
  if (text[3] !== '/' || first === second) return undefined;
  return isCurrencyCode(first) && isCurrencyCode(second) ? [first, second] : undefined;
}

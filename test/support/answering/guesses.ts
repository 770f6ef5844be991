import type { Json } from '../service/api-client.js';

/** Parts of a payment that repeat the answer; the others are ours: ids, statuses, texts for display, times. */
const TOLD = [
  'paymentRequestId',
  'order',
  'merchant',
  'payAmount',
  'payToAmount',
  'paymentAmount',
  'exchangeRate',
  'promotions',
  'surcharge',
  'redirectUrl',
  'sdkActionPayload',
] as const;

/**
 * Values that a payment shows although the answer does not have them, letter for letter. Characters that no database
 * stores are shown as U+FFFD, and a text far beyond its limit may be cut.
 */
export function guesses(payment: Json, body: Buffer): string[] {
  const said = new Set(leaves(JSON.parse(body.toString('utf8').replace('\uFEFF', ''))).map(storable));
  return TOLD.flatMap((part) => leaves(payment[part]).map((text) => ({ part, text })))
    .filter(({ text }) => !said.has(text) && !isBeginning(text, said))
    .map(({ part, text }) => `${part}: ${text}`);
}

const NEVER_CUT_BELOW = 512;

function isBeginning(text: string, said: ReadonlySet<string>): boolean {
  return text.length >= NEVER_CUT_BELOW && [...said].some((each) => each.startsWith(text));
}

/** At any depth: an answer may be nested deeper than a recursive function can go. */
function leaves(whole: Json): string[] {
  const found: string[] = [];
  const open = [whole];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) if (name !== 'display') open.push(part);
    } else if (value !== undefined && value !== null) found.push(String(value));
  }
  return found;
}

function storable(text: string): string {
  return [...text].map((each) => (/\p{Surrogate}|\0/u.test(each) ? '\uFFFD' : each)).join('');
}

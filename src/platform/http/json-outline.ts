/** What a parsed value does not show any more about the bytes it came from. */
export interface JsonOutline {
  /** Parsers disagree on which of the two counts, so a proxy, a signature check and we could each read another text. */
  readonly namesAKeyTwice: boolean;
  /** A number stands outside of texts; `JSON.parse` may have lost some of its digits. */
  readonly hasBareNumber: boolean;
}

/** Looks at a well-formed JSON text in UTF-8 and at what `JSON.parse` made of it. */
export function outlineOf(json: Uint8Array, parsed: unknown): JsonOutline {
  const { members, hasBareNumber } = countsOf(json);
  // Of two members with one key only the last is left in the value, whatever way the two are spelled.
  return { namesAKeyTwice: members !== membersOf(parsed), hasBareNumber };
}

/** Whether an object anywhere in a well-formed JSON text names a key twice. */
export function hasDuplicateKey(json: Uint8Array, parsed: unknown): boolean {
  return outlineOf(json, parsed).namesAKeyTwice;
}

interface Counts {
  readonly members: number;
  readonly hasBareNumber: boolean;
}

const [QUOTE, BACKSLASH, COMMA, COLON, ZERO, NINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x30, 0x39];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/** One pass over the bytes, since every answer pays for it: outside of texts each colon is one member. */
function countsOf(json: Uint8Array): Counts {
  let members = 0;
  let hasBareNumber = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfText(json, at + 1);
    else if (byte === COLON) members += 1;
    else if (byte >= ZERO && byte <= NINE) hasBareNumber = true;
  }
  return { members, hasBareNumber };
}

export interface JsonLimits {
  /** Fields and items together. */
  readonly entries: number;
  /** Objects and lists in one another. */
  readonly depth: number;
}

/**
 * Which limit a JSON text exceeds, seen before anything is made of it: what is parsed first has been paid for already.
 * Any bytes may come, JSON or not. Each field and item but the first follows a comma.
 */
export function exceededLimit(
  json: Uint8Array,
  { entries, depth }: JsonLimits,
): keyof JsonLimits | undefined {
  let commas = 0;
  let open = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfText(json, at + 1);
    else if (byte === COMMA) commas += 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) open += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) open -= 1;
    if (commas >= entries) return 'entries';
    if (open > depth) return 'depth';
  }
  return undefined;
}

/** Where the closing quote stands. */
function endOfText(json: Uint8Array, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Without recursion: a text may be nested deeper than the stack. */
function membersOf(parsed: unknown): number {
  let members = 0;
  const open: unknown[] = [parsed];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inner: readonly unknown[] = Object.values(value);
    if (!Array.isArray(value)) members += inner.length;
    for (const one of inner) if (typeof one === 'object') open.push(one);
  }
  return members;
}

export interface JsonOutline {
  /** Parsers disagree on which of the two counts, so a proxy, a signature check and we could each read another text. */
  readonly namesAKeyTwice: boolean;
  /** A number is written with digits that `JSON.parse` would lose. */
  readonly roundsANumber: boolean;
}

/** Strings, numbers and the marks that give a JSON text its shape; words and white space tell nothing here. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]|-?\d[\d.eE+-]*/g;

/** What a parsed value does not show any more about the well-formed text it came from, by one walk over it. */
export function outlineOf(json: string): JsonOutline {
  /** The keys seen of each object that is open, innermost last; an open list has none. */
  const open: (Set<string> | undefined)[] = [];
  let isKeyNext = false;
  let roundsANumber = false;
  for (const [token] of json.matchAll(TOKENS)) {
    const first = token.charAt(0);
    if (first === '"') {
      const keys = open.at(-1);
      if (isKeyNext && keys !== undefined && !isNew(keys, token))
        return { namesAKeyTwice: true, roundsANumber };
      isKeyNext = false;
    } else if (MARKS.has(first)) {
      follow(open, first);
      isKeyNext = (first === '{' || first === ',') && open.at(-1) !== undefined;
    } else roundsANumber ||= !isExactNumber(token);
  }
  return { namesAKeyTwice: false, roundsANumber };
}

/** Whether an object anywhere in a well-formed JSON text names a key twice. */
export function hasDuplicateKey(json: string): boolean {
  return outlineOf(json).namesAKeyTwice;
}

/** Whether a number of JSON is spelled like the double it becomes, so that nothing of it gets lost. */
export function isExactNumber(token: string): boolean {
  return String(Number(token)) === token;
}

const MARKS: ReadonlySet<string> = new Set('{}[],');

function follow(open: (Set<string> | undefined)[], mark: string): void {
  if (mark === '{') open.push(new Set());
  else if (mark === '[') open.push(undefined);
  else if (mark === '}' || mark === ']') open.pop();
}

function isNew(keys: Set<string>, token: string): boolean {
  // Two spellings of one key are one key.
  const key = token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
  if (keys.has(key)) return false;
  keys.add(key);
  return true;
}

/** Strings and the marks that give a JSON text its shape; numbers, words and white space tell nothing about keys. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * Whether an object anywhere in a well-formed JSON text names a key twice. Parsers disagree on which one counts,
 * so a proxy, a signature check and we could each read a different request.
 */
export function hasDuplicateKey(json: string): boolean {
  /** The keys seen of each object that is open, innermost last; an open list has none. */
  const open: (Set<string> | undefined)[] = [];
  let isKeyNext = false;
  for (const [token] of json.matchAll(TOKENS)) {
    const first = token.charAt(0);
    if (first === '"') {
      const keys = open.at(-1);
      if (isKeyNext && keys !== undefined && !isNew(keys, token)) return true;
      isKeyNext = false;
      continue;
    }
    follow(open, first);
    isKeyNext = (first === '{' || first === ',') && open.at(-1) !== undefined;
  }
  return false;
}

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

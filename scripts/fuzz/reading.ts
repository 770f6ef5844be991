/** A reader of answers that shares no code with the one it checks: slower, and without rules about display texts. */
export type Read = Readonly<Record<string, unknown>>;

/** Undefined unless the bytes are UTF-8 and one JSON object in which no key is there twice. */
export function readBody(body: Buffer): Read | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const json: unknown = JSON.parse(text);
    return isObject(json) && !namesAKeyTwice(text) ? json : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Read {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object below a name; an empty one when there is none. */
export function part(within: Read, name: string): Read {
  const value = Object.hasOwn(within, name) ? within[name] : undefined;
  return isObject(value) ? value : {};
}

/** Absent, null and a blank text mean the same. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** True when the flag is set, in any form that has been seen. */
export function isRaised(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true');
}

/** Whether a flag has a readable value. */
export function isFlag(value: unknown): boolean {
  if (isAbsent(value) || typeof value === 'boolean') return true;
  return typeof value === 'string' && ['true', 'false'].includes(value.trim().toLowerCase());
}

/** Scans the text once: `JSON.parse` alone keeps the last of two. The text is known to be JSON. */
function namesAKeyTwice(text: string): boolean {
  const objects: (Set<string> | null)[] = [];
  let at = 0;
  while (at < text.length) {
    const mark = text[at] ?? '';
    if (mark === '{' || mark === '[') objects.push(mark === '{' ? new Set() : null);
    if (mark === '}' || mark === ']') objects.pop();
    if (mark !== '"') {
      at += 1;
      continue;
    }
    const end = endOfText(text, at);
    const keys = objects.at(-1);
    if (keys && /^\s*:/.test(text.slice(end, end + 40))) {
      const key = String(JSON.parse(text.slice(at, end)));
      if (keys.has(key)) return true;
      keys.add(key);
    }
    at = end;
  }
  return false;
}

/** The position after the closing quote of the text that begins here. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

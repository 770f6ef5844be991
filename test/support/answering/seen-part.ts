import type { Json } from '../service/api-client.js';

/** The parts of what was seen that are expected to be this or that; a part that is absent is null. */
export function seenPart(seen: Json, expected: Json): Json {
  if (seen === undefined || seen === null) return null;
  if (Array.isArray(expected) && Array.isArray(seen)) {
    return seen.map((each, index) => seenPart(each, expected[index]));
  }
  if (typeof expected !== 'object' || expected === null || typeof seen !== 'object') return seen;
  return Object.fromEntries(
    Object.keys(expected).map((name) => [name, seenPart(seen[name], expected[name])]),
  );
}

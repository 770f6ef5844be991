import type { Json } from '../service/api-client.js';

/** The parts of `seen` that `expected` names; an absent part is null. */
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

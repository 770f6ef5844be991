/// <reference lib="es2024.string" />

/**
 * Counts a limit in characters as a person would: an emoji outside the basic plane is one, not two. The common case,
 * a text whose UTF-16 length already fits, is answered without counting.
 */
export function fitsCharacters(text: string, max: number): boolean {
  if (text.length <= max) return true;
  if (text.length > max * 2) return false;
  let count = 0;
  for (const _ of text) count += 1;
  return count <= max;
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair, and both are legal in JSON by way of `\u` escapes. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The beginning of a text that goes to the database; a pair of surrogates is not cut in two. */
export function cut(text: string, max: number): string {
  return storable(text.slice(0, max));
}

/** The same text with everything that cannot be stored replaced by U+FFFD. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** What an option of a bench says when it says how many. */
export function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`not a count: ${text}`);
  return number;
}

/** In an address a + that is not escaped stands for a blank. */
const LOST_PLUS = /^(\d{4}-\d\d-\d\dT[\d:.]+) (?=\d\d:\d\d$)/;

/** A time out of a query, with the + of its offset where the address has lost it. */
export function withLostPlus(typed: string): string {
  return typed.trim().replace(LOST_PLUS, '$1+');
}

/** The values of one statement; each is named in its text by the place it got. */
export class QueryValues {
  readonly list: unknown[] = [];

  /** @returns `$3::uuid`, say */
  add(value: unknown, type: string): string {
    return `$${this.list.push(value)}::${type}`;
  }
}

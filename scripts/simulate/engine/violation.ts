/** A guarantee of the service was broken; `guarantee` is its number in docs/reliability.md. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    readonly guarantee: number,
    readonly what: string,
    /** The known ids of the order concerned. */
    readonly about: readonly string[] = [],
  ) {
    super(`guarantee ${guarantee}: ${what}`);
  }
}

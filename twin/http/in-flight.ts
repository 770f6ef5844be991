/** How many calls for one code are unanswered at this moment. */
export class InFlight {
  readonly #counts = new Map<string, number>();
  #highest = 0;

  /** The number including this call. Every enter is followed by one leave. */
  enter(codeValue: string): number {
    const count = (this.#counts.get(codeValue) ?? 0) + 1;
    this.#counts.set(codeValue, count);
    this.#highest = Math.max(this.#highest, count);
    return count;
  }

  leave(codeValue: string): void {
    const count = (this.#counts.get(codeValue) ?? 1) - 1;
    if (count > 0) this.#counts.set(codeValue, count);
    else this.#counts.delete(codeValue);
  }

  get highest(): number {
    return this.#highest;
  }

  resetHighest(): void {
    this.#highest = 0;
  }
}

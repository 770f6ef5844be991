/**
 * A list that keeps its first entries and its latest ones, and counts the rest. An order stays small whatever is
 * repeated.
 */
export class BoundedList<T> {
  readonly #kept: T[] = [];
  readonly #first: number;
  readonly #latest: number;
  #total = 0;

  constructor(first: number, latest: number) {
    this.#first = first;
    this.#latest = latest;
  }

  add(item: T): void {
    this.#total += 1;
    this.#kept.push(item);
    if (this.#kept.length > this.#first + this.#latest) this.#kept.splice(this.#first, 1);
  }

  get total(): number {
    return this.#total;
  }

  get kept(): readonly T[] {
    return this.#kept;
  }

  get last(): T | undefined {
    return this.#kept.at(-1);
  }
}

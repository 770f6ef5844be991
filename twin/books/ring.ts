/** The latest `size` items, at a constant cost per item. */
export class Ring<T> {
  readonly #items: T[] = [];
  readonly #size: number;
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(item: T): void {
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.#size;
  }

  clear(): void {
    this.#items.length = 0;
    this.#next = 0;
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<T> {
    const isFull = this.#items.length === this.#size;
    if (isFull) yield* this.#items.slice(this.#next);
    yield* this.#items.slice(0, isFull ? this.#next : this.#items.length);
  }
}

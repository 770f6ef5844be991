/** Combines the pokes of a moment into one; each begins after the last request it serves. */
export class Poker {
  private next: Promise<boolean> | undefined;
  private last: Promise<void> = Promise.resolve();
  private turn = 0;

  /** @param poke gets another number every time */
  constructor(
    private readonly poke: (turn: number) => Promise<boolean>,
    private readonly gapMs: number,
  ) {}

  /** True once the poke that came of it has arrived. */
  ask(): Promise<boolean> {
    this.next ??= this.pokeAfter(this.last);
    return this.next;
  }

  private async pokeAfter(last: Promise<void>): Promise<boolean> {
    await last;
    this.next = undefined;
    this.turn += 1;
    const poked = this.poke(this.turn);
    this.last = poked.then(
      () => this.gap(),
      () => this.gap(),
    );
    return poked;
  }

  private gap(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, this.gapMs).unref();
    });
  }
}

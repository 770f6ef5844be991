/**
 * Spreads work that arrives together over turns of the event loop, in the order in which it came: as much of it begins
 * in one turn as fits into a time. Else all of it would be done in one turn, and everybody else, a new connection too,
 * would wait for the end of it.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private beganAt: number | undefined;

  /**
   * @param mostMs what one turn may take before the rest waits for the next one; 0: one piece of work a turn
   * @param isRushed while it is true, one piece of work a turn
   */
  constructor(
    private readonly mostMs: number,
    private readonly isRushed: () => boolean = () => false,
  ) {}

  take(begin: () => void): void {
    if (this.beganAt === undefined) this.open();
    else if (this.waiting.length > 0 || this.isOver()) {
      this.waiting.push(begin);
      return;
    }
    begin();
  }

  private open(): void {
    this.beganAt = performance.now();
    setImmediate(() => this.next());
  }

  private isOver(): boolean {
    const mostMs = this.isRushed() ? 0 : this.mostMs;
    return this.beganAt !== undefined && performance.now() - this.beganAt >= mostMs;
  }

  private next(): void {
    this.beganAt = undefined;
    if (this.waiting.length === 0) return;
    // Before the work: whatever it throws, the others get their turns.
    this.open();
    this.beginOne();
  }

  private beginOne(): void {
    this.waiting.shift()?.();
    // Once what the work has promised itself is done: most of it is done there.
    queueMicrotask(() =>
      process.nextTick(() => this.waiting.length > 0 && !this.isOver() && this.beginOne()),
    );
  }
}

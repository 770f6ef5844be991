/** All waits of the twin, so that closing it leaves no timer behind. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();
  #isClosed = false;

  after(delayMs: number, work: () => void): void {
    // Work that was under way when the twin closed may still ask for another turn.
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      work();
    }, delayMs);
    this.#running.add(timer);
  }

  /** Stays open for ever when the twin closes first: no caller is left to answer. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}

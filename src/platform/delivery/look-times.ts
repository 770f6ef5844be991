/** Queries that fall into one such interval are one query. */
const TICK_MS = 50;

/** Calls `look` at the requested times, never early, and once for all that fall together. */
export class LookTimes {
  private readonly timers = new Map<number, NodeJS.Timeout>();

  constructor(private readonly look: () => void) {}

  in(delayMs: number): void {
    const nowMs = performance.now();
    const tick = Math.ceil((nowMs + delayMs) / TICK_MS);
    if (this.timers.has(tick)) return;
    const timer = setTimeout(
      () => {
        this.timers.delete(tick);
        this.look();
      },
      Math.ceil(tick * TICK_MS - nowMs),
    );
    this.timers.set(tick, timer.unref());
  }

  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}

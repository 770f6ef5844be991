/** So long, what was served and refused is counted before the pace changes. */
const WINDOW_MS = 1_000;
/** In s. A person in front of a screen waits no longer. */
const LONGEST = 8;

/**
 * When those who are refused may come again. Refusals cost work too: where there are more of them than requests that
 * are served, callers come again later, and where there are few, sooner.
 */
export class RetryPace {
  private seconds = 1;
  private counts = { served: 0, refused: 0 };
  private beganAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  served(): void {
    this.turn();
    this.counts.served += 1;
  }

  /** @returns the seconds for `Retry-After` */
  refused(): number {
    this.turn();
    this.counts.refused += 1;
    return this.seconds;
  }

  private turn(): void {
    const passedMs = this.nowMs() - this.beganAt;
    if (passedMs < WINDOW_MS) return;
    const { served, refused } = this.counts;
    if (refused > served) this.seconds = Math.min(LONGEST, this.seconds * 2);
    else if (refused < served / 4) this.seconds = Math.max(1, this.seconds / 2);
    // What was long ago says nothing of now.
    if (passedMs > LONGEST * WINDOW_MS) this.seconds = 1;
    this.counts = { served: 0, refused: 0 };
    this.beganAt = this.nowMs();
  }
}

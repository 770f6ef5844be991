/** Two answers this far apart still belong to one series: the hours in which a key is changed at the partner. */
export const SERIES_GAP_MS = 10 * 60_000;

/** From the answer about so many different ones on the fault is ours, and no payer is refused for it any more. */
export const OURS_FROM = 3;

/**
 * Counts the scans or customers whose answers say that the fault is ours. A success between two of them ends no series:
 * while a key change is half done at Alipay+, good and bad answers come mixed, and counting in a row would refuse two
 * payers after every good one. Only a quiet time ends it.
 */
export class OwnFaultSeries {
  private readonly seen = new Set<string>();
  private lastAt = Number.NEGATIVE_INFINITY;
  private isOursElsewhere = false;

  /** Whether the fault is ours, by what this process has seen, or what the database says about the others. */
  get isOurs(): boolean {
    return this.isOursElsewhere || this.seen.size >= OURS_FROM;
  }

  /**
   * @param of the scan or the customer the answer is about
   * @param nowMs of a clock that never goes back
   * @returns whether this is the first answer of the series about it
   */
  note(of: string, nowMs: number): boolean {
    if (nowMs - this.lastAt > SERIES_GAP_MS) {
      this.seen.clear();
      this.isOursElsewhere = false;
    }
    this.lastAt = nowMs;
    // What is ours already needs no more names, so that the set stays small.
    if (this.isOurs || this.seen.has(of)) return false;
    this.seen.add(of);
    return true;
  }

  /** Answers that came to other processes, or before this one started, belong to the series too. */
  toldByOthers(): void {
    this.isOursElsewhere = true;
  }
}

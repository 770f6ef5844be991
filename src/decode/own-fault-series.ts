/** Two answers this far apart still belong to one series: the hours in which a key is changed at the partner. */
export const SERIES_GAP_MS = 10 * 60_000;

/** From this answer of a series on the fault is ours, not one odd code's: no payer is refused for it any more. */
export const OURS_FROM = 3;

/**
 * Counts the answers that say the fault is ours. A success between two of them ends no series: while a key change is
 * half done at Alipay+, good and bad answers come mixed, and counting in a row would refuse two payers after every good
 * one. Only a quiet time ends it.
 */
export class OwnFaultSeries {
  private count = 0;
  private lastAt = Number.NEGATIVE_INFINITY;

  /**
   * @param nowMs of a clock that never goes back
   * @returns which answer of its series this one is, from 1
   */
  next(nowMs: number): number {
    this.count = nowMs - this.lastAt > SERIES_GAP_MS ? 1 : this.count + 1;
    this.lastAt = nowMs;
    return this.count;
  }
}

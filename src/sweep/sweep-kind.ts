import type { WorkName } from '../payment-order/order/work.js';

/** What a sweeper looks for: rows whose work was not woken, scans and orders out of time, cancels that are not finished. */
export type SweepKind = WorkName | 'give_up' | 'expiry' | 'cancel';

/** For how long a row that was taken is left to whoever took it: as long as its own job was given. */
export function restMs(graceMs: number): number {
  return Math.max(graceMs, 1_000);
}

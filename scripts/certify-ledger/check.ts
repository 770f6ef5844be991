import type { Examination } from './examination.js';

/** One thing that the contract promises, tried out. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** The words of docs/wallet-ledger.md that it holds the ledger to. */
  readonly protects: string;
  readonly expected: string;
  /** Whose account it needs, or that signatures are looked at; without it the check is skipped. */
  readonly needs: 'nobody' | 'customer' | 'blocked' | 'signatures';
  /** Answers in a few words what came. A `CheckFailure` or a `CheckSkipped` that it throws is its result. */
  examine(at: Examination): Promise<string>;
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly protects: string;
  readonly expected: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What came; for a skipped check, why it was not tried. */
  readonly found: string;
  /** What the check would have proven beside, had it been able to. */
  readonly unproven: readonly string[];
}

import type { Examination } from './examination.js';

/** A check of one promise of the contract. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** The text of docs/wallet-ledger.md that it checks. */
  readonly protects: string;
  readonly expected: string;
  /** The account it needs, or that signatures are checked; without it the check is skipped. */
  readonly needs: 'nobody' | 'customer' | 'blocked' | 'signatures';
  /**
   * Runs the check and returns its result in a few words.
   *
   * @throws CheckFailure or CheckSkipped, which then is the result
   */
  examine(at: Examination): Promise<string>;
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly protects: string;
  readonly expected: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** The result in words; for a skipped check, the reason. */
  readonly found: string;
  /** Promises that the check could not prove here. */
  readonly unproven: readonly string[];
}

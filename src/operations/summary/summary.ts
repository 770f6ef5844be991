import type { ShownAmount } from '../../payment-order/order/money.js';

/**
 * Money, or the word about it, that is not where it should be. One payment can be in more than one: what is parked of a
 * paid order is also debited and not acknowledged.
 */
export const DOUBTS = [
  /** The payer has paid, and Alipay+ has not acknowledged it. */
  'DEBITED_NOT_ACKNOWLEDGED',
  /** Alipay+ has cancelled, and the ledger has not said that the money is back. */
  'CANCELLED_NOT_REVERSED',
  /** The ledger may have taken the money and has not said, or whoever was to ask it is gone. */
  'DEBIT_IN_DOUBT',
  /** A result that is not sent any more by itself because nobody acknowledged it, of whatever kind. */
  'PARKED',
  /** A result that Alipay+ refused for good, of whatever kind. */
  'REJECTED',
  /** An order that nobody may pay. */
  'HELD',
] as const;

export type Doubt = (typeof DOUBTS)[number];

export interface DoubtSum {
  readonly doubt: Doubt;
  /** How many payments. */
  readonly count: number;
  /** Of one currency, exact at any size; absent for those orders whose answer named no amount. */
  readonly sum?: ShownAmount;
  /** When the oldest of them came into this state. */
  readonly oldestAt: Date;
  readonly oldestAgeMs: number;
  /** Of money that has to go back: when Alipay+ closes the day of the first of it, 00:30 at UTC+8. */
  readonly dueAt?: Date;
}

/** In ms; absent when nothing was measured. */
export interface Latency {
  readonly count: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** What began in a span of time, and what has become of it by now. Rates are from 0 to 1, absent when there is nothing. */
export interface Activity {
  /** When it was read, by the database's clock. */
  readonly at: Date;
  readonly since: Date;
  readonly scans: {
    readonly begun: number;
    readonly perMinute: number;
    readonly decoded: number;
    readonly rejected: number;
    readonly givenUp: number;
    readonly pending: number;
    /** Decoded among those that are decided. */
    readonly successRate?: number;
    /** From the scan to its decoded order. */
    readonly latencyMs: Latency;
  };
  readonly questions: {
    /** Calls that asked Alipay+ what a code means. */
    readonly asked: number;
    readonly unknown: number;
    readonly unknownRate?: number;
    /** Why answers were unknown, the most frequent first. */
    readonly unknownReasons: readonly { readonly reason: string; readonly count: number }[];
  };
  readonly payments: {
    readonly confirmed: number;
    readonly perMinute: number;
    readonly paid: number;
    readonly refused: number;
    readonly unsettled: number;
    /** From the confirm to the money. */
    readonly latencyMs: Latency;
  };
  readonly results: {
    readonly final: number;
    readonly acknowledged: number;
    /** From the final state to the acknowledgement. */
    readonly latencyMs: Latency;
  };
}

export interface Summary {
  /** When the doubts were read, by the database's clock. */
  readonly at: Date;
  readonly doubts: readonly DoubtSum[];
  readonly lastHour: Activity;
  /** Read seldomer than the rest, because there is more to count. */
  readonly lastDay: Activity;
}

import { ratioOf } from '../statistics.js';
import { atMost, type Goal } from '../compare/goals.js';
import type { Round } from '../compare/load.js';

export interface GrowthRound extends Round {
  /** PostgreSQL's CPU time for one request. */
  readonly databaseMs: number;
  /** The CPU time of the service and of PostgreSQL. */
  readonly costMs: number;
  /**
   * With the request's part of the checkpoint after the round. In production one comes every few minutes, and writes a
   * page once however often it was changed; here it comes after so few requests that nearly every one pays for pages of
   * its own.
   */
  readonly costWithCheckpointMs: number;
  readonly walKb: number;
}

export interface Grown {
  readonly ordersBefore: number;
  readonly ordersAfter: number;
  readonly scan: readonly GrowthRound[];
  readonly confirm: readonly GrowthRound[];
}

export const WORKS = ['scan', 'confirm'] as const;
const MOST = 1.15;

/** The goal: with millions of orders the next one costs little more. */
export function goalsOf(small: Grown, large: Grown): Goal[] {
  return WORKS.map((work) =>
    atMost(
      `CPU of a ${work} at ${large.ordersBefore} orders, times that at ${small.ordersBefore}`,
      ratioOf(large[work], small[work], 'costMs'),
      MOST,
    ),
  );
}

import { ratioOf } from '../compare/figures.js';
import { atMost, type Goal } from '../compare/goals.js';
import type { Round } from '../compare/load.js';

export interface GrowthRound extends Round {
  /** PostgreSQL's CPU time for one request, the checkpoint afterwards included. */
  readonly databaseMs: number;
  /** The service's and PostgreSQL's. */
  readonly costMs: number;
  readonly walKb: number;
}

export interface Grown {
  readonly name: string;
  readonly ordersBefore: number;
  readonly ordersAfter: number;
  readonly scan: readonly GrowthRound[];
  readonly confirm: readonly GrowthRound[];
}

export const WORKS = ['scan', 'confirm'] as const;
export const FIGURES = ['perSecond', 'cpuMs', 'databaseMs', 'costMs', 'p50Ms', 'p99Ms', 'walKb'] as const;

const MOST = 1.15;

/** What was promised: whoever has millions of orders pays little more for the next one. */
export function goalsOf(small: Grown, large: Grown): Goal[] {
  return WORKS.map((work) =>
    atMost(
      `CPU of a ${work} at ${large.ordersBefore} orders, times that at ${small.ordersBefore}`,
      ratioOf(large[work], small[work], 'costMs'),
      MOST,
    ),
  );
}

import { ArrayMaxSize, ArrayMinSize, Matches } from 'class-validator';
import type { LaneLimits } from './delivery-lane.js';

export interface PaceRules {
  readonly scheduleMs: readonly number[];
  /** How far a wait may be spread, as a share of it. */
  readonly jitter: number;
  /** Calls of one process at the same time. */
  readonly concurrency: number;
  /** The longest that one call may take. */
  readonly callMs: number;
  readonly lane: Omit<LaneLimits, 'reserve' | 'forgetMs'>;
}

/** For signing before a call, and for writing down what came of it. */
const MARGIN_MS = 5_000;
/**
 * Of its slots, what a backlog leaves free for rows that have just come due. A quarter still drains a backlog
 * at a good pace, and fresh ones do not wait behind it (docs/notifier.md).
 */
const RESERVED_SHARE = 3 / 4;

const WAIT_RULE = { each: true, message: 'must be a list of whole numbers of ms, each at least 10' };
const SCHEDULE_RULES = [ArrayMinSize(1), ArrayMaxSize(50), Matches(/^[1-9]\d{1,8}$/, WAIT_RULE)];

/** The rule of a setting that lists the waits between attempts. */
export function IsSchedule(): PropertyDecorator {
  return (settings, name) => {
    for (const decorate of SCHEDULE_RULES) decorate(settings, name);
  };
}

/** How fast and how often deliveries are tried; the leases follow from the longest call. */
export class DeliveryPace {
  readonly scheduleMs: readonly number[];
  readonly jitter: number;
  readonly concurrency: number;
  readonly callMs: number;
  /** From claiming a row to its call, which may wait for the calls before it. After that the row is left to others. */
  readonly beginWithinMs: number;
  /** No other process claims the row meanwhile. */
  readonly leaseMs: number;
  readonly lane: LaneLimits;

  constructor(rules: PaceRules) {
    this.scheduleMs = rules.scheduleMs;
    this.jitter = rules.jitter;
    this.concurrency = rules.concurrency;
    this.callMs = rules.callMs;
    this.beginWithinMs = rules.callMs + MARGIN_MS;
    this.leaseMs = this.beginWithinMs + rules.callMs + MARGIN_MS;
    // One slot always stays for the other hosts, whatever the settings say.
    const concurrency = Math.min(rules.lane.concurrency, Math.max(1, rules.concurrency - 1));
    const reserve = Math.floor(concurrency * RESERVED_SHARE);
    // Whatever waits comes due within the longest wait, at most doubled by the jitter.
    const forgetMs = 2 * Math.max(...rules.scheduleMs) + rules.lane.openMs;
    this.lane = { ...rules.lane, concurrency, reserve, forgetMs };
  }

  /** Wait after so many attempts, the last one included. */
  nextMs(attempts: number): number {
    return nextAttemptMs(this.scheduleMs, attempts, this.jitter, Math.random());
  }
}

/**
 * Wait before the next attempt: the schedule step by step, then its last step again and again, spread either way so
 * that deliveries which failed together do not come back together.
 *
 * @param attempts attempts made so far, at least 1
 * @param jitter how far a step is spread, as a share of it
 * @param random a number in [0, 1)
 */
export function nextAttemptMs(
  scheduleMs: readonly number[],
  attempts: number,
  jitter: number,
  random: number,
): number {
  const stepMs = scheduleMs[Math.min(attempts, scheduleMs.length) - 1];
  if (stepMs === undefined) throw new Error('a schedule has at least one step and attempts start at 1');
  return Math.round(stepMs * (1 + jitter * (2 * random - 1)));
}

import type { LaneLimits } from './host-lane.js';
import type { UrlRules } from '../alipay-plus/calls/notify-url.js';

/** How the notifier goes about it; put together from the settings where the application is composed. */
export interface NotifyRules {
  readonly scheduleMs: readonly number[];
  /** How far a wait may be spread, as a share of it. */
  readonly jitter: number;
  readonly concurrency: number;
  /** The longest that one call may take. */
  readonly callMs: number;
  readonly urls: UrlRules;
  readonly lane: Omit<LaneLimits, 'reserve'>;
}

/** For signing before a call, and for writing down what came of it. */
const MARGIN_MS = 5_000;
/**
 * Of its slots, what a backlog leaves free for notifications that have just come due. A quarter still drains a backlog
 * at a good pace, and fresh ones do not wait behind it (`npm run bench:notify -- backlog`).
 */
const RESERVED_SHARE = 3 / 4;

export class NotifyPolicy implements NotifyRules {
  readonly scheduleMs: readonly number[];
  readonly jitter: number;
  readonly concurrency: number;
  readonly callMs: number;
  /** From taking a notification to its call: it may wait for the calls before it. Later it is left to others. */
  readonly beginWithinMs: number;
  /** Nobody else claims it meanwhile. */
  readonly leaseMs: number;
  readonly urls: UrlRules;
  readonly lane: LaneLimits;

  constructor(rules: NotifyRules) {
    this.scheduleMs = rules.scheduleMs;
    this.jitter = rules.jitter;
    this.concurrency = rules.concurrency;
    this.callMs = rules.callMs;
    this.beginWithinMs = rules.callMs + MARGIN_MS;
    this.leaseMs = this.beginWithinMs + rules.callMs + MARGIN_MS;
    this.urls = rules.urls;
    // One slot is always left for the other hosts, whatever the settings say.
    const concurrency = Math.min(rules.lane.concurrency, Math.max(1, rules.concurrency - 1));
    this.lane = { ...rules.lane, concurrency, reserve: Math.floor(concurrency * RESERVED_SHARE) };
  }
}

/**
 * Wait before the next attempt: the schedule step by step, then its last step again and again, spread either way so
 * that notifications which failed together do not come back together.
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
  if (stepMs === undefined)
    throw new Error('a notification schedule has at least one step and attempts start at 1');
  return Math.round(stepMs * (1 + jitter * (2 * random - 1)));
}

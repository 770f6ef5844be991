import type { LaneLimits } from './host-lane.js';
import type { UrlRules } from './trusted-url.js';

/** How the notifier goes about it; put together from the settings where the application is composed. */
export interface NotifyRules {
  readonly scheduleMs: readonly number[];
  /** How far a wait may be spread, as a share of it. */
  readonly jitter: number;
  readonly concurrency: number;
  /** Longer than one call may take, so that nobody else takes the notification meanwhile. */
  readonly leaseMs: number;
  readonly urls: UrlRules;
  readonly lane: LaneLimits;
}

export class NotifyPolicy implements NotifyRules {
  readonly scheduleMs: readonly number[];
  readonly jitter: number;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly urls: UrlRules;
  readonly lane: LaneLimits;

  constructor(rules: NotifyRules) {
    this.scheduleMs = rules.scheduleMs;
    this.jitter = rules.jitter;
    this.concurrency = rules.concurrency;
    this.leaseMs = rules.leaseMs;
    this.urls = rules.urls;
    // One slot is always left for the other hosts, whatever the settings say.
    const most = Math.max(1, rules.concurrency - 1);
    this.lane = { ...rules.lane, concurrency: Math.min(rules.lane.concurrency, most) };
  }
}

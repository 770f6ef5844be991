import type { DecodeRules } from './decoded-order-of.js';
import type { RetryRule } from './retry-delay.js';

interface DecodePolicyParts {
  readonly windowMs: number;
  readonly retry: RetryRule;
  /** Longest time one call to Alipay+ may take. */
  readonly callMs: number;
  readonly rules: DecodeRules;
  /** Calls a second in which all processes together may ask again. */
  readonly retryRate: number;
  /** How long the line is stopped while the fault is ours, before one call tries whether it was fixed. */
  readonly stopMs: number;
}

/** The settings of decoding; made where the application is composed. */
export class DecodePolicy {
  readonly windowMs: number;
  readonly retry: RetryRule;
  readonly rules: DecodeRules;
  readonly stopMs: number;
  readonly callMs: number;
  readonly retryRate: number;

  constructor(parts: DecodePolicyParts) {
    this.windowMs = parts.windowMs;
    this.retry = parts.retry;
    this.rules = parts.rules;
    this.stopMs = parts.stopMs;
    this.callMs = parts.callMs;
    this.retryRate = parts.retryRate;
  }

  /** The lease of one attempt: a little longer than the call may take. */
  get leaseMs(): number {
    return this.callMs + 2_000;
  }

  /** Between two calls of all processes that ask again. */
  get gapMs(): number {
    return 1_000 / this.retryRate;
  }
}

/** An order whose answer named no expiry is held, and lives this long; a cashier order never lives longer. */
export const DEFAULT_ORDER_LIFE_MS = 600_000;

import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Exchange } from '../alipay-plus/exchange.js';
import { refusalAdvice } from './acknowledgement.js';

export interface LaneLimits {
  /** Calls to one host at the same time. */
  readonly concurrency: number;
  /** Calls in a row without a proper answer before the host is left alone. */
  readonly failures: number;
  /** How long it is left alone before one call tries it again. */
  readonly openMs: number;
}

export interface LaneEvents {
  onOpen(): void;
  onClosed(): void;
}

export type LaneAnswer<Answer> =
  | { readonly called: true; readonly answer: Answer }
  | { readonly called: false; readonly why: 'host_busy' | 'host_resting'; readonly delayMs: number };

/** Those that were turned away come back one after another, no closer than this and no later than that. */
const LEAST_GAP_MS = 25;
const MOST_WAIT_MS = 60_000;

/**
 * The way to one host. No more than a few calls at a time, so that a slow host cannot hold every slot of the worker; and
 * none for a while after many have failed, so that a dead one costs neither slots nor tries.
 */
export class HostLane {
  private active = 0;
  private typicalMs = 250;
  private openedAt = 0;
  private nextTurnAt = 0;
  private readonly breaker;

  constructor(
    private readonly limits: LaneLimits,
    events: LaneEvents,
  ) {
    this.breaker = circuitBreaker(handleWhenResult(isHostFailure), {
      halfOpenAfter: limits.openMs,
      breaker: new ConsecutiveBreaker(limits.failures),
    });
    this.breaker.onBreak(() => {
      // The probe of a dead host fails again and again; only the first time is news.
      if (this.openedAt === 0) events.onOpen();
      this.openedAt = Date.now();
    });
    this.breaker.onReset(() => {
      this.openedAt = 0;
      this.nextTurnAt = 0;
      events.onClosed();
    });
  }

  get isIdle(): boolean {
    return this.active === 0 && this.breaker.state === CircuitState.Closed;
  }

  async call<Answer extends Exchange<unknown>>(send: () => Promise<Answer>): Promise<LaneAnswer<Answer>> {
    // While one call probes the host, cockatiel would keep every other one waiting for it in its slot.
    if (this.breaker.state === CircuitState.HalfOpen) return this.rest();
    if (this.active >= this.limits.concurrency) return this.turnAway('host_busy', Date.now());
    this.active += 1;
    const startedAt = performance.now();
    try {
      const answer = await this.breaker.execute(send);
      this.typicalMs += (performance.now() - startedAt - this.typicalMs) / 8;
      return { called: true, answer };
    } catch (error) {
      if (error instanceof BrokenCircuitError) return this.rest();
      throw error;
    } finally {
      this.active -= 1;
    }
  }

  private rest(): LaneAnswer<never> {
    return this.turnAway('host_resting', this.openedAt + this.limits.openMs);
  }

  /** Hundreds that wait for one host are spread over time instead of asking again all at once. */
  private turnAway(why: 'host_busy' | 'host_resting', notBefore: number): LaneAnswer<never> {
    const now = Date.now();
    const gapMs = Math.max(LEAST_GAP_MS, this.typicalMs / this.limits.concurrency);
    this.nextTurnAt = Math.max(this.nextTurnAt + gapMs, notBefore, now + LEAST_GAP_MS);
    const waitMs = this.nextTurnAt - now;
    if (waitMs <= MOST_WAIT_MS) return { called: false, why, delayMs: Math.ceil(waitMs) };
    return { called: false, why, delayMs: Math.ceil(MOST_WAIT_MS * (1 + Math.random())) };
  }
}

/** Whether an answer says that the host is unwell, or not who it should be; a verified answer never does. */
function isHostFailure(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('outcome' in answer)) return false;
  const resultCode = 'resultCode' in answer && typeof answer.resultCode === 'string' ? answer.resultCode : '';
  // Until the set-up is mended every other call would be refused the same way.
  if (answer.outcome === 'rejected') return refusalAdvice(resultCode).about === 'setup';
  const reason = 'reason' in answer ? answer.reason : undefined;
  return answer.outcome === 'unknown' && reason !== 'result_unknown' && reason !== 'address_not_public';
}

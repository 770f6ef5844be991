import type { HealthProbe } from './health-probes.js';

/** So many calls in a row, over so long, make it more than a hiccup. */
const FAILURES = 3;
const BEGINS_AFTER_MS = 5_000;
/** It is over when it has answered and no call failed for so long: those that still waited fail a while after it is back. */
const CALM_MS = 10_000;
/** What nobody has called for so long is not known any more. */
const UNKNOWN_AFTER_MS = 120_000;

export interface Silence {
  /** When a call failed first, in ms since 1970. */
  readonly sinceMs: number;
  readonly reason: string;
}

/** Whether somebody answers us, judged by the calls that are made anyway: nobody is called to find out. */
export class AnswerWatch {
  private silence: Silence | undefined;
  private failures = 0;
  private isTold = false;
  private failedAtMs = 0;
  private answeredAtMs = 0;
  /** Since the last call that failed. */
  private hasAnswered = false;

  constructor(private readonly nowMs: () => number = Date.now) {}

  answered(): void {
    this.answeredAtMs = this.nowMs();
    this.hasAnswered = true;
    if (!this.isTold) this.forget();
  }

  /** @param reason in a stable word */
  unanswered(reason: string): void {
    this.forgetWhatIsOver();
    const nowMs = this.nowMs();
    const sinceMs = this.silence?.sinceMs ?? nowMs;
    this.silence = { sinceMs, reason };
    this.failures += 1;
    this.failedAtMs = nowMs;
    this.hasAnswered = false;
    this.isTold ||= this.failures >= FAILURES && nowMs - sinceMs >= BEGINS_AFTER_MS;
  }

  /** Undefined while it answers, or nobody calls it. */
  get trouble(): Silence | undefined {
    this.forgetWhatIsOver();
    return this.isTold ? this.silence : undefined;
  }

  /** For readiness: without an answer things go on, later. */
  probe(name: string): HealthProbe {
    return {
      name,
      required: false,
      check: async () => {
        const { trouble } = this;
        if (trouble) throw new Error(`calls go unanswered: ${trouble.reason}`);
      },
      sinceMs: () => this.trouble?.sinceMs,
    };
  }

  private forgetWhatIsOver(): void {
    const nowMs = this.nowMs();
    const answersAgain = this.hasAnswered && nowMs - this.failedAtMs >= CALM_MS;
    const isUnknown = nowMs - Math.max(this.failedAtMs, this.answeredAtMs) >= UNKNOWN_AFTER_MS;
    if (answersAgain || isUnknown) this.forget();
  }

  private forget(): void {
    this.silence = undefined;
    this.failures = 0;
    this.isTold = false;
  }
}

import type { CustomerId } from '../payment-order/order/ids.js';

/** What one call said about us. */
export type Verdict = 'fine' | 'unknown' | 'our fault';

/** Whether a call may be made; a `trial` finds out whether the fault was fixed. */
export type Turn = 'call' | 'trial' | 'none';

/** The calls that decide, and the least of them. */
const WINDOW = { most: 20, least: 5 };

/**
 * The line stops when more than this share of the counted calls says that the fault is ours. While a key change is half
 * done at Alipay+ about half of the calls succeed, and then asking again is what helps the payers.
 */
const STOP_ABOVE = 0.7;

interface CountedCall {
  readonly customerId: CustomerId;
  readonly isFault: boolean;
}

/**
 * When the line stops and when it goes on. A customer's faults count once: a person who crafts codes that Alipay+
 * answers by blaming us must neither stop the line for the others, nor keep it stopped.
 */
export class LineStop {
  private readonly calls: CountedCall[] = [];
  private stoppedAt: number | undefined;
  private isTrying = false;
  /** Whose trial failed last. */
  private triedBy: string | undefined;

  constructor(private readonly stopMs: number) {}

  get isStopped(): boolean {
    return this.stoppedAt !== undefined;
  }

  /** A caller that gets a `call` or a `trial` has to report its end. @param nowMs of a clock that never goes back */
  begin(customerId: CustomerId, nowMs: number): Turn {
    if (this.stoppedAt === undefined) return 'call';
    // After a failed trial its customer leaves the next one to others, and is let in again when no other comes.
    const waitMs = customerId === this.triedBy ? 2 * this.stopMs : this.stopMs;
    if (this.isTrying || nowMs - this.stoppedAt < waitMs) return 'none';
    this.isTrying = true;
    return 'trial';
  }

  /** Counts a call that ended. What was begun before the line stopped no longer decides anything. */
  called(customerId: CustomerId, verdict: Verdict, nowMs: number): void {
    if (this.isStopped) return;
    const isFault = verdict === 'our fault';
    if (isFault && this.calls.some((call) => call.isFault && call.customerId === customerId)) return;
    this.calls.push({ customerId, isFault });
    if (this.calls.length > WINDOW.most) this.calls.shift();
    if (this.calls.length < WINDOW.least) return;
    const faults = this.calls.filter((call) => call.isFault).length;
    if (faults / this.calls.length > STOP_ABOVE) this.stoppedAt = nowMs;
  }

  /** Only an answer of Alipay+ that does not blame us proves that the line may go on. */
  tried(customerId: CustomerId, verdict: Verdict, nowMs: number): void {
    this.isTrying = false;
    if (verdict !== 'fine') {
      this.stoppedAt = nowMs;
      this.triedBy = customerId;
      return;
    }
    this.stoppedAt = undefined;
    this.triedBy = undefined;
    this.calls.length = 0;
  }
}

import { Injectable } from '@nestjs/common';
import { Arrivals } from '../payment-order/scan/arrivals.js';
import { ScanStore } from '../payment-order/scan/scan.store.js';
import type { ClaimedScan, Scan, ScanWithPayment } from '../payment-order/scan/scan.js';
import { WORK } from '../payment-order/order/work.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { DecodeLine } from './decode-line.js';
import { DecodeOutcome, type AfterDecode } from './decode-outcome.js';
import { DecodePolicy } from './decode-policy.js';
import { afterStopMs } from './retry-delay.js';
import type { Origin } from '../platform/tracing/origin.js';

/** A job may come this much before its row is due: the clocks that measured the delay are not the same. */
const EARLY_MS = 250;

/**
 * Asks Alipay+ what a code means, the same request every time, until it says so or the scan's window is over. The scan
 * is committed before the first call, and only who holds its lease asks.
 */
@Injectable()
export class DecodeService implements Work {
  readonly name = WORK.decode;
  readonly concurrency = 16;

  constructor(
    private readonly scans: ScanStore,
    private readonly line: DecodeLine,
    private readonly outcome: DecodeOutcome,
    private readonly queues: WorkQueues,
    private readonly arrivals: Arrivals,
    private readonly policy: DecodePolicy,
  ) {}

  /**
   * The first attempt, inside the request that brought the scan; its lease was taken when it was committed. Returns the
   * outcome, or undefined when another process ended the scan meanwhile.
   */
  async askNow(scan: Scan, requestBody: Buffer, origin: Origin): Promise<ScanWithPayment | undefined> {
    const after = await this.ask({ ...scan, requestBody, isOverdue: false }, origin);
    return after.finished ? after.known : { scan: after.scan };
  }

  /** Lets the queue ask when the scan is due. */
  async askLater(scan: Scan, origin?: Origin): Promise<void> {
    if (!scan.nextAttemptAt) return;
    const delayMs = scan.nextAttemptAt.getTime() - scan.readAt.getTime();
    await this.queues.wake(WORK.decode, { id: scan.scanId, turn: turnOf(scan), delayMs, origin });
  }

  /** A later attempt, in the background, if the shared budget has a call for it; else it stays due. */
  async run(scanId: string, origin?: Origin): Promise<WorkDone> {
    const { leaseMs, gapMs } = this.policy;
    return this.tryAgain(await this.scans.claim(scanId, { leaseMs, earlyMs: EARLY_MS, gapMs }), origin);
  }

  /** As `run`, of a scan that was taken together with its call, or only has to end. */
  async runTaken(scanId: string, origin?: Origin): Promise<WorkDone> {
    const { leaseMs } = this.policy;
    return this.tryAgain(await this.scans.claim(scanId, { leaseMs, earlyMs: EARLY_MS }), origin);
  }

  private async tryAgain(scan: ClaimedScan | undefined, origin?: Origin): Promise<WorkDone> {
    if (!scan) return DONE;
    if (!scan.isOverdue) {
      const { pauseMs } = await this.ask(scan, origin);
      return pauseMs === undefined ? DONE : { next: 'pause', pauseMs };
    }
    await this.outcome.giveUp(scan.scanId, origin);
    this.arrivals.arrived('scan', scan.scanId);
    return DONE;
  }

  /** @param origin the request that waits for this attempt, or the job in the background */
  private async ask(scan: ClaimedScan, origin?: Origin): Promise<AfterDecode> {
    const answer = await this.line.ask(scan, origin);
    const after = answer.wasAsked
      ? await this.outcome.record({ scan, origin }, answer)
      : await this.outcome.defer(scan, afterStopMs(this.policy.stopMs, Math.random()));
    // Ended at once: the notification is committed, and the caller need not wait for the queue.
    if (after.finished && after.known?.payment?.status === 'FAILED') void this.queues.poke(WORK.notify);
    if (after.finished) this.arrivals.arrived('scan', scan.scanId);
    else await this.askLater(after.scan, origin);
    return after;
  }
}

/** Names the next attempt; a pause moves its time and not its number, so the time is part of the name. */
function turnOf(scan: Scan): string {
  return `${scan.tries}-${scan.nextAttemptAt?.getTime() ?? 0}`;
}

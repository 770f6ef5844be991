import { Injectable } from '@nestjs/common';
import { DecodeFigures } from '../decode/decode-figures.js';
import { DecodePolicy } from '../decode/decode-policy.js';
import { SweepStore, type LateScan } from '../payment-order/sweep/sweep.store.js';
import { WORK } from '../payment-order/order/work.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { Steps } from './steps.js';
import { SweepFigures } from './sweep-figures.js';
import type { Origin } from '../platform/tracing/origin.js';

/** For how long a sweeper leaves a row alone after an attempt without an outcome. */
const REST_MS = 2_000;
/** At least so many at once, however few are allowed a second. */
const FEWEST_SLOTS = 16;
/** The scans of one query begin one after the other, and not all at once: new scans share the machine with them. */
const SPREAD_MS = 80;
const ENDS = { batch: 500, atOnce: 16 };

/**
 * Scans that wait to be asked for again: their jobs were lost, or the budget of the fleet had no call left when they
 * came. The longest waiting are taken first, together with their calls, and asked for here and now: another way
 * through the queue would cost more than asking. A scan whose own job comes in time goes before them.
 */
@Injectable()
export class DecodeBacklog {
  private readonly inHand = new Set<Promise<void>>();
  private mayBeMore = false;

  constructor(
    private readonly sweeps: SweepStore,
    private readonly queues: WorkQueues,
    private readonly steps: Steps,
    private readonly figures: SweepFigures,
    private readonly policy: DecodePolicy,
    private readonly decoding: DecodeFigures,
  ) {}

  /** Whether the last query found anything, or had no budget for it. */
  get isBehind(): boolean {
    return this.mayBeMore;
  }

  /** Starts asking, and does not wait for answers. Only rows later than the grace count as found. */
  async decodeDue(graceMs: number): Promise<number> {
    this.mayBeMore = false;
    if (this.queues.isPaused(WORK.decode)) return 0;
    const share = { graceMs: 0, restMs: REST_MS, limit: this.freeSlots() };
    const { rows, allowed } = await this.sweeps.takeScans(share, this.policy.gapMs);
    if (allowed === 0) this.decoding.budgetUsedUp();
    this.mayBeMore = rows.length > 0 || allowed === 0;
    for (const [at, row] of rows.entries()) this.start(row, (at * SPREAD_MS) / rows.length);
    const late = rows.filter(({ lateMs }) => lateMs > graceMs);
    this.figures.looked('decode', late);
    return late.length;
  }

  /** Gives up those whose time is over. */
  async endOverdue(graceMs: number): Promise<number> {
    const rows = await this.sweeps.take('give_up', { graceMs: 0, restMs: REST_MS, limit: ENDS.batch });
    const late = rows.filter(({ lateMs }) => lateMs > graceMs);
    this.figures.looked('give_up', late);
    for (let at = 0; at < rows.length; at += ENDS.atOnce) {
      await Promise.all(rows.slice(at, at + ENDS.atOnce).map((row) => this.run(row.id)));
    }
    return late.length;
  }

  /** Resolves when everything that was started is over. */
  async finish(): Promise<void> {
    await Promise.all(this.inHand);
  }

  /** As many as may begin within two seconds: enough for answers that take as long. */
  private freeSlots(): number {
    return Math.max(FEWEST_SLOTS, 2 * this.policy.retryRate) - this.inHand.size;
  }

  private start({ id, traceparent }: LateScan, afterMs: number): void {
    const running = after(afterMs)
      .then(() => this.run(id, traceparent))
      .finally(() => this.inHand.delete(running));
    this.inHand.add(running);
  }

  private run(scanId: string, traceparent?: string): Promise<void> {
    const work = {
      name: WORK.decode,
      run: (id: string, origin: Origin) => this.steps.decode.runTaken(id, origin),
    };
    return this.queues.runHere(work, scanId, traceparent);
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

import type { DeliveryLane } from './delivery-lane.js';

export interface SlotLimits {
  /** Calls of this process at the same time. */
  readonly concurrency: number;
  /** How many of them a backlog leaves free for what has just come due. */
  readonly reserve: number;
}

interface Waiting {
  readonly lane: DeliveryLane;
  readonly isBacklog: boolean;
  begin(): void;
}

/**
 * Who may call now: a call needs a slot of this process and a place in the lane of its host. Calls of other lanes pass
 * a call that waits for a full lane, and rows that have just come due pass those of a backlog.
 */
export class CallSlots {
  private readonly waiting: Waiting[] = [];
  private calls = 0;

  constructor(private readonly limits: SlotLimits) {}

  /**
   * How many more may be claimed now. As many wait as there are slots, so that no slot stays empty during the next claim;
   * and a claim waits until half of them are gone, because one row costs nearly as much as many.
   */
  get wanted(): number {
    const { concurrency } = this.limits;
    if (this.waiting.length > concurrency / 2) return 0;
    return 2 * concurrency - this.calls - this.waiting.length;
  }

  /**
   * How many fresh ones may be claimed although enough of a backlog waits here already: they go before all of that, and
   * a slow host may keep its backlog waiting here for long.
   */
  get wantedFresh(): number {
    const { concurrency } = this.limits;
    return Math.max(0, Math.min(Math.ceil(concurrency / 2), 3 * concurrency - this.taken));
  }

  /** Those that were claimed and whose call is not over. */
  get taken(): number {
    return this.calls + this.waiting.length;
  }

  /** Resolves when the call may begin; `leave` has to follow. */
  enter(lane: DeliveryLane, isBacklog: boolean): Promise<void> {
    lane.wait();
    return new Promise((begin) => {
      const at = isBacklog ? this.waiting.length : this.waiting.findIndex((one) => one.isBacklog);
      this.waiting.splice(at < 0 ? this.waiting.length : at, 0, { lane, isBacklog, begin });
      this.fill();
    });
  }

  leave(lane: DeliveryLane): void {
    this.calls -= 1;
    lane.leave();
    this.fill();
  }

  private fill(): void {
    for (let at = 0; at < this.waiting.length && this.calls < this.limits.concurrency;) {
      const next = this.waiting[at];
      if (next && this.mayBegin(next)) this.begin(at, next);
      else at += 1;
    }
  }

  private mayBegin({ lane, isBacklog }: Waiting): boolean {
    const { concurrency, reserve } = this.limits;
    return this.calls < concurrency - (isBacklog ? reserve : 0) && lane.hasPlaceFor(isBacklog);
  }

  private begin(at: number, { lane, begin }: Waiting): void {
    this.waiting.splice(at, 1);
    this.calls += 1;
    lane.enter();
    begin();
  }
}

import { CallSlots } from './call-slots.js';
import type { DeliveryLane } from './delivery-lane.js';
import { DeliveryLanes, type LaneRules } from './delivery-lanes.js';
import type { DeliveryPace } from './delivery-pace.js';
import { DueClaimer, type Claimed, type ClaimSource } from './due-claimer.js';
import { InHand } from './in-hand.js';
import { LookTimes } from './look-times.js';

/** What one kind of delivery provides; the engine decides when, how many and in which lane. */
export interface DeliveryKind<Row extends Claimed, Sending> extends ClaimSource<Row> {
  keyOf(row: Row): string;
  /** One call; the row holds a slot and a place in its lane meanwhile. */
  send(row: Row, lane: DeliveryLane): Promise<Sending>;
  /** The result of a call that was not made because this process stops. */
  readonly unsent: Sending;
  /** @returns how long until its next attempt, or undefined when none is set from here */
  record(row: Row, sending: Sending): Promise<number | undefined>;
  /** Whether nothing is to be claimed for now; what is in hand is finished. */
  isPaused(): boolean;
  onInHand(count: number): void;
  /** The row is still under lease; when that is over it is claimed again. */
  onAttemptFailed(row: Row, error: unknown): void;
  onLookFailed(error: unknown): void;
}

/** Longer than an attempt may take. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * The loop: it claims what is due, starts an attempt for each, and queries again when a slot is free or a time has
 * come.
 */
export class DeliveryEngine<Row extends Claimed, Sending> {
  private readonly times = new LookTimes(() => this.lookInBackground());
  private readonly stopping = new AbortController();
  private readonly lanes: DeliveryLanes;
  private readonly slots: CallSlots;
  private readonly inHand: InHand;
  private readonly claimer: DueClaimer<Row>;
  private looking: Promise<void> | undefined;
  private isAskedAgain = false;
  private swept: Pick<Claimed, 'lateMs'>[] | undefined;

  constructor(
    private readonly kind: DeliveryKind<Row, Sending>,
    pace: DeliveryPace,
    lanes: Omit<LaneRules, 'limits'>,
  ) {
    const { concurrency, lane: limits } = pace;
    this.lanes = new DeliveryLanes({
      limits,
      isFailure: (answer) => lanes.isFailure(answer),
      onResting: (lane) => lanes.onResting(lane),
      onAnswering: (lane) => lanes.onAnswering(lane),
      onForgotten: (lane) => lanes.onForgotten(lane),
    });
    this.slots = new CallSlots({ concurrency, reserve: limits.reserve });
    this.inHand = new InHand((count) => kind.onInHand(count));
    this.claimer = new DueClaimer(kind, this.lanes, this.slots, this.inHand, pace);
  }

  /** Something may be due: queries for it, and makes room for it although a backlog fills the slots. */
  lookForNew(): Promise<void> {
    this.claimer.hint();
    return this.look();
  }

  /** Queries without a hint, and returns what was claimed meanwhile. */
  async sweep(): Promise<readonly Pick<Claimed, 'lateMs'>[]> {
    const swept: Pick<Claimed, 'lateMs'>[] = [];
    this.swept = swept;
    await this.look().finally(() => (this.swept = undefined));
    return swept;
  }

  /** Nothing is claimed or sent any more; what is in hand is finished first. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.times.clear();
    await this.looking?.catch(() => undefined);
    await this.inHand.finish(STOP_TIMEOUT_MS);
  }

  /** Claims what is due now. A request made during a query triggers another one afterwards. */
  private look(): Promise<void> {
    this.isAskedAgain = true;
    this.looking ??= this.lookWhileAsked();
    return this.looking;
  }

  private async lookWhileAsked(): Promise<void> {
    try {
      do {
        this.isAskedAgain = false;
        await this.claimDue();
      } while (this.isAskedAgain);
    } finally {
      // In the same tick as the last check of `isAskedAgain`, so that no request is lost between the two.
      this.looking = undefined;
    }
  }

  private async claimDue(): Promise<void> {
    if (this.stopping.signal.aborted || this.kind.isPaused()) return;
    const claim = await this.claimer.claim();
    if (!claim) return;
    for (const row of claim.claimed) this.begin(row, claim.beginBy);
    this.swept?.push(...claim.claimed.map(({ lateMs }) => ({ lateMs })));
    if (claim.missed > 0) this.isAskedAgain = true;
    const restMs = this.lanes.soonestRestMs();
    if (restMs !== undefined) this.times.in(restMs);
  }

  private begin(row: Row, beginBy: number): void {
    const key = this.kind.keyOf(row);
    // Its lease ran out while this process stood still; its first attempt here goes on.
    if (this.inHand.has(key)) return;
    this.inHand.add(key, this.attempt(row, key, beginBy));
  }

  private async attempt(row: Row, key: string, beginBy: number): Promise<void> {
    try {
      const sending = await this.send(row, beginBy);
      const nextMs = sending && (await this.kind.record(row, sending));
      if (nextMs !== undefined) this.times.in(nextMs);
    } catch (error) {
      this.kind.onAttemptFailed(row, error);
    }
    this.inHand.remove(key);
    this.lookForMore();
  }

  /** Its slot is free as soon as the answer is there; the next one is sent while the outcome is recorded. */
  private async send(row: Row, beginBy: number): Promise<Sending | undefined> {
    const lane = this.lanes.of(this.kind.laneOf(row));
    await this.slots.enter(lane, row.isBacklog);
    try {
      // Too late to finish under its lease: another worker claims it when that is over.
      if (performance.now() > beginBy) return undefined;
      return this.stopping.signal.aborted ? this.kind.unsent : await this.kind.send(row, lane);
    } finally {
      this.slots.leave(lane);
      this.lookForMore();
    }
  }

  private lookForMore(): void {
    if (this.claimer.wantsMore) this.lookInBackground();
  }

  private lookInBackground(): void {
    if (this.stopping.signal.aborted) return;
    this.look().catch((error: unknown) => this.kind.onLookFailed(error));
  }
}

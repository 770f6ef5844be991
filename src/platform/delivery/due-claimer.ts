import { CallSlots } from './call-slots.js';
import type { Room } from './delivery-lane.js';
import { DeliveryLanes } from './delivery-lanes.js';
import type { DeliveryPace } from './delivery-pace.js';
import { InHand } from './in-hand.js';

/** What every claimed row has. */
export interface Claimed {
  /** For how long it had been due. */
  readonly lateMs: number;
  /** Due for a while already: it gives way to what has just come due. */
  readonly isBacklog: boolean;
}

export interface ClaimRequest {
  readonly leaseMs: number;
  readonly slots: number;
  /** Slots that a backlog leaves free for what has just come due. */
  readonly reserve: number;
  /** Of a lane that `rooms` does not name. */
  readonly usualRoom: Room;
  readonly rooms: ReadonlyMap<string, Room>;
}

export interface Claim<Row> {
  readonly claimed: readonly Row[];
  /** Due as well, but another worker was just taking them. */
  readonly missed: number;
}

export interface TimedClaim<Row> extends Claim<Row> {
  /** On the clock of `performance.now()`: an attempt that has not begun by then is left to its lease. */
  readonly beginBy: number;
}

/** Where due rows are claimed, and the lane that each belongs to. */
export interface ClaimSource<Row> {
  claim(request: ClaimRequest): Promise<Claim<Row>>;
  laneOf(row: Row): string;
}

/** Outcomes that wait to be recorded, in multiples of the slots; above that, nothing is claimed until some are. */
const UNRECORDED = 2;

/** Claims due rows: as many in one statement as this process can send, and no more than each lane has room for. */
export class DueClaimer<Row> {
  /** Whether there was a hint since the last claim that something is due. */
  private isHinted = false;
  /** Whether the last claim may have left due rows behind. */
  private mayBeMore = false;

  constructor(
    private readonly source: ClaimSource<Row>,
    private readonly lanes: DeliveryLanes,
    private readonly slots: CallSlots,
    private readonly inHand: InHand,
    private readonly pace: DeliveryPace,
  ) {}

  /** Something may have come due: the next claim makes room for it although a backlog fills the slots. */
  hint(): void {
    this.isHinted = true;
  }

  /** Whether another claim makes sense: there may be more, and there is a slot for it. */
  get wantsMore(): boolean {
    return this.mayBeMore && this.slots.wanted > 0;
  }

  /** Undefined when this process has no room now; after a slot is free, ask `wantsMore`. */
  async claim(): Promise<TimedClaim<Row> | undefined> {
    const { slots, reserve } = this.size();
    const unrecorded = this.inHand.size - this.slots.taken;
    this.mayBeMore = true;
    if (slots === 0 || unrecorded > this.pace.concurrency * UNRECORDED) return undefined;
    const { leaseMs, beginWithinMs } = this.pace;
    const request = { leaseMs, slots, reserve, usualRoom: this.lanes.usualRoom, rooms: this.lanes.rooms() };
    // The lease begins after this, so the attempt is over before it ends.
    const beginBy = performance.now() + beginWithinMs;
    const claim = await this.source.claim(request);
    this.mayBeMore = mayHaveLeftSome(request, {
      missed: claim.missed,
      lanes: claim.claimed.map((row) => this.source.laneOf(row)),
    });
    return { ...claim, beginBy };
  }

  /** How many are claimed now, and how many of these a backlog leaves free; all when only fresh ones are claimed. */
  private size(): { readonly slots: number; readonly reserve: number } {
    const { wanted, wantedFresh } = this.slots;
    const isHinted = this.isHinted;
    this.isHinted = false;
    if (wanted === 0 && isHinted) return { slots: wantedFresh, reserve: wantedFresh };
    return { slots: wanted, reserve: this.pace.lane.reserve };
  }
}

/**
 * Whether a claim may have left due rows behind: only where it reached one of its limits, the slots or the
 * room of a lane. Otherwise it claimed all there was, and another claim without a hint would find nothing.
 */
export function mayHaveLeftSome(
  { slots, reserve, usualRoom, rooms }: Pick<ClaimRequest, 'slots' | 'reserve' | 'usualRoom' | 'rooms'>,
  { lanes, missed }: { readonly lanes: readonly string[]; readonly missed: number },
): boolean {
  // Another worker claimed what was missed, and the claim does not say for which lanes.
  if (missed > 0 || lanes.length >= slots - reserve || usualRoom.backlog === 0) return true;
  const counts = new Map([...rooms.keys()].map((lane) => [lane, 0]));
  for (const lane of lanes) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  // The smaller of the two rooms: a query too many is cheaper than one too few.
  return [...counts].some(([lane, count]) => count >= (rooms.get(lane) ?? usualRoom).backlog);
}

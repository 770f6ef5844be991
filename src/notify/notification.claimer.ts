import { Injectable } from '@nestjs/common';
import {
  NotificationStore,
  type Claim,
  type ClaimRequest,
} from '../payment-order/notification/notification.store.js';
import { CallSlots } from './call-slots.js';
import { HostLanes } from './host-lanes.js';
import { NotificationsInHand } from './notifications-in-hand.js';
import { NotifyPolicy } from './notify-policy.js';

/** Outcomes that wait to be recorded, in multiples of the slots; above that, nothing is claimed until some are. */
const UNRECORDED = 2;

export interface TimedClaim extends Claim {
  /** On the clock of `performance.now()`: an attempt that has not begun by then is left to its lease. */
  readonly beginBy: number;
}

/** Claims due notifications: as many in one statement as this process can send, and no more than each host has room for. */
@Injectable()
export class NotificationClaimer {
  /** Whether somebody said that something has come due since the last claim. */
  private isHinted = false;
  /** Whether the last claim may have left due notifications behind. */
  private mayBeMore = false;

  constructor(
    private readonly notifications: NotificationStore,
    private readonly lanes: HostLanes,
    private readonly slots: CallSlots,
    private readonly inHand: NotificationsInHand,
    private readonly policy: NotifyPolicy,
  ) {}

  /** Something may have come due: the next claim makes room for it although a backlog fills the slots. */
  hint(): void {
    this.isHinted = true;
  }

  /** Whether another claim makes sense: there may be more, and there is a slot for it. */
  get wantsMore(): boolean {
    return this.mayBeMore && this.slots.wanted > 0;
  }

  /** Undefined when this process has no room now; whoever frees a slot has to ask `wantsMore`. */
  async claim(): Promise<TimedClaim | undefined> {
    const { slots, reserve } = this.size();
    const unrecorded = this.inHand.size - this.slots.taken;
    this.mayBeMore = true;
    if (slots === 0 || unrecorded > this.policy.concurrency * UNRECORDED) return undefined;
    const { leaseMs, beginWithinMs } = this.policy;
    const request = { leaseMs, slots, reserve, usualRoom: this.lanes.usualRoom, rooms: this.lanes.rooms() };
    // The lease begins after this, so the attempt is over before it ends.
    const beginBy = performance.now() + beginWithinMs;
    const claim = await this.notifications.claim(request);
    this.mayBeMore = mayHaveLeftSome(request, claim);
    return { ...claim, beginBy };
  }

  /** How many are claimed now, and how many of these a backlog leaves free; all when only fresh ones are claimed. */
  private size(): { readonly slots: number; readonly reserve: number } {
    const { wanted, wantedFresh } = this.slots;
    const isHinted = this.isHinted;
    this.isHinted = false;
    if (wanted === 0 && isHinted) return { slots: wantedFresh, reserve: wantedFresh };
    return { slots: wanted, reserve: this.policy.lane.reserve };
  }
}

/**
 * Whether a claim may have left due notifications behind: only where it reached one of its limits, the slots or the
 * room of a host. Otherwise it claimed all there was, and another claim without a hint would find nothing.
 */
export function mayHaveLeftSome(
  { slots, reserve, usualRoom, rooms }: Pick<ClaimRequest, 'slots' | 'reserve' | 'usualRoom' | 'rooms'>,
  { claimed, missed }: Pick<Claim, 'missed'> & { readonly claimed: readonly { readonly host: string }[] },
): boolean {
  // Another worker claimed what was missed, and the claim does not say for which hosts.
  if (missed > 0 || claimed.length >= slots - reserve || usualRoom.backlog === 0) return true;
  const counts = new Map([...rooms.keys()].map((host) => [host, 0]));
  for (const { host } of claimed) counts.set(host, (counts.get(host) ?? 0) + 1);
  // The smaller of the two rooms: a look too many is cheaper than one too few.
  return [...counts].some(([host, count]) => count >= (rooms.get(host) ?? usualRoom).backlog);
}

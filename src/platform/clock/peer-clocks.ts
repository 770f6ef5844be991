import { Injectable } from '@nestjs/common';
import { EventLog } from '../logging/event-log.js';

/**
 * Above this difference a clock raises an alarm. Below it nothing is corrected: most of it is the time that the answer
 * took.
 */
const ALARM_MS = 2_000;
/** An older reading says nothing: the clock may have been set since. */
const FORGOTTEN_MS = 600_000;

/** The database's clock is read all the time; it replaces the reading of a peer that has given none. */
export const DATABASE_CLOCK = 'database';

export interface ClockReading {
  readonly time: Date;
  /** By `performance.now()`. */
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  /** The resolution of the reading: 1,000 where it is in whole seconds. */
  readonly grainMs?: number;
}

interface Seen {
  /** Their time minus ours on the monotonic clock, which cannot be set. */
  readonly aheadMs: number;
  readonly doubtMs: number;
  readonly atMs: number;
  /** The one before said the same: an answer that was kept somewhere on its way tells an old time once, or ever older ones. */
  readonly isSure: boolean;
  isOff: boolean;
}

/**
 * How far the clock of this process is from those it has to do with. What we sign is judged by the receiver's clock and
 * refused when it is minutes off, so it carries the receiver's time, or the database's while the receiver has not told
 * its own. The monotonic clock carries it on, because our wall clock may be set at any moment.
 */
@Injectable()
export class PeerClocks {
  private readonly peers = new Map<string, Seen>();

  constructor(
    private readonly log: EventLog,
    private readonly wallMs: () => number = Date.now,
    private readonly steadyMs: () => number = () => performance.now(),
  ) {}

  /** The middle of the call is taken as the moment at which the peer read its clock. */
  saw(peer: string, { time, askedAtMs, answeredAtMs, grainMs = 0 }: ClockReading): void {
    const theirMs = time.getTime() + grainMs / 2;
    if (Number.isNaN(theirMs)) return;
    const before = this.peers.get(peer);
    const aheadMs = theirMs - (askedAtMs + answeredAtMs) / 2;
    const seen: Seen = {
      aheadMs,
      isSure:
        peer === DATABASE_CLOCK || (before !== undefined && Math.abs(before.aheadMs - aheadMs) < ALARM_MS),
      doubtMs: (answeredAtMs - askedAtMs + grainMs) / 2,
      atMs: answeredAtMs,
      isOff: before?.isOff ?? false,
    };
    this.peers.set(peer, seen);
    this.tellChange(peer, seen);
  }

  /** The time that this peer will take for the present one. */
  nowFor(peer: string): Date {
    for (const name of [peer, DATABASE_CLOCK]) {
      const seen = this.fresh(name);
      if (seen?.isSure === true)
        return new Date(this.isOff(seen) ? this.steadyMs() + seen.aheadMs : this.wallMs());
    }
    return new Date(this.wallMs());
  }

  /** By which each peer is ahead of us, in ms. */
  offsets(): ReadonlyMap<string, number> {
    const offsets = new Map<string, number>();
    for (const peer of this.peers.keys()) {
      const seen = this.fresh(peer);
      if (seen) offsets.set(peer, this.offsetMs(seen));
    }
    return offsets;
  }

  /** Peers whose clock differs from ours. */
  disagreeing(): readonly string[] {
    return [...this.peers.keys()].filter((peer) => {
      const seen = this.fresh(peer);
      return seen !== undefined && this.isOff(seen);
    });
  }

  /** Whether all of them say that it is ours, by so much and to the same side: one alone may be wrong itself. */
  isBeyond(limitMs: number): boolean {
    const offsets = [...this.offsets().values()];
    if (offsets.length === 0) return false;
    return offsets.every((offset) => offset > limitMs) || offsets.every((offset) => offset < -limitMs);
  }

  private fresh(peer: string): Seen | undefined {
    const seen = this.peers.get(peer);
    return seen && this.steadyMs() - seen.atMs < FORGOTTEN_MS ? seen : undefined;
  }

  private offsetMs(seen: Seen): number {
    return Math.round(this.steadyMs() + seen.aheadMs - this.wallMs());
  }

  /** What the duration of the call explains does not count as a difference. */
  private isOff(seen: Seen): boolean {
    return Math.abs(this.offsetMs(seen)) - seen.doubtMs > ALARM_MS;
  }

  private tellChange(peer: string, seen: Seen): void {
    const isOff = this.isOff(seen);
    if (isOff === seen.isOff) return;
    seen.isOff = isOff;
    const offsetMs = this.offsetMs(seen);
    if (isOff) this.log.warn('clock.off', { peer, offsetMs, alarm: true });
    else this.log.event('clock.agrees', { peer, offsetMs });
  }
}

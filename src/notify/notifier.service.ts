import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  NotificationStore,
  type ClaimedNotification,
} from '../payment-order/notification/notification.store.js';
import type { Late } from '../payment-order/sweep/sweep.store.js';
import { WORK } from '../payment-order/order/work.js';
import { EventLog } from '../platform/logging/event-log.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { HostLanes } from './host-lanes.js';
import { mayHaveLeftSome } from './left-behind.js';
import { LookTimes } from './look-times.js';
import { NotificationSender, type Sending } from './notification.sender.js';
import { NotificationTurn } from './notification-turn.js';
import { NotificationWatch } from './notification-watch.js';
import { NotifyFigures } from './notify-figures.js';
import { NotifyPolicy } from './notify-policy.js';
import { Slots } from './slots.js';

/** Longer than a turn may take. */
const STOP_TIMEOUT_MS = 10_000;
/** Answers that wait to be written down, in multiples of the slots; beyond that the database is waited for. */
const UNWRITTEN = 2;

/**
 * Tells Alipay+ the final results, the same bytes every time, until it acknowledges them. The rows say what is due: this
 * process takes as many of them as it can send, many in one statement, whenever somebody says that there may be some. A
 * job says so, a call that is over, the time of a next try, and the sweeper in any case.
 */
@Injectable()
export class NotifierService implements Work, BeforeApplicationShutdown {
  readonly name = WORK.notify;
  /** Jobs are hints, and looking twice at the same time finds nothing twice. */
  readonly concurrency = 1;
  private readonly inHand = new Map<string, Promise<void>>();
  private readonly times = new LookTimes(() => this.lookInTime());
  private readonly slots: Slots;
  private looking: Promise<void> | undefined;
  private isAskedAgain = false;
  /** Whether somebody said that something has come due since the last look. */
  private isHinted = false;
  /** Whether the last look may have left something behind. */
  private mayBeMore = false;
  private isStopped = false;
  private swept: Late[] | undefined;

  constructor(
    private readonly notifications: NotificationStore,
    private readonly sender: NotificationSender,
    private readonly turns: NotificationTurn,
    private readonly lanes: HostLanes,
    private readonly watch: NotificationWatch,
    private readonly figures: NotifyFigures,
    private readonly policy: NotifyPolicy,
    private readonly log: EventLog,
  ) {
    const { concurrency, lane } = policy;
    this.slots = new Slots({ concurrency, reserve: lane.reserve });
  }

  async run(): Promise<WorkDone> {
    this.isHinted = true;
    await this.look();
    return DONE;
  }

  /**
   * What must happen even if every hint is lost.
   *
   * @returns what was taken meanwhile
   */
  async sweep(): Promise<readonly Late[]> {
    await this.watch.look();
    const found: Late[] = [];
    this.swept = found;
    await this.look().finally(() => (this.swept = undefined));
    return found;
  }

  /** What is in hand is finished first, while the database is still there for it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.times.clear();
    await this.looking?.catch(() => undefined);
    const giveUp = new AbortController();
    const inHand = Promise.all(this.inHand.values()).finally(() => giveUp.abort());
    await Promise.race([inHand, sleep(STOP_TIMEOUT_MS, undefined, { signal: giveUp.signal })]).catch(
      () => undefined,
    );
  }

  /** Takes what is due now. Whoever asks while a look is under way gets one that begins after the question. */
  private look(): Promise<void> {
    this.isAskedAgain = true;
    this.looking ??= this.lookWhileAsked();
    return this.looking;
  }

  private async lookWhileAsked(): Promise<void> {
    try {
      do {
        this.isAskedAgain = false;
        await this.takeDue();
      } while (this.isAskedAgain);
    } finally {
      // In the same breath as the last question whether to look again, so that no question falls between the two.
      this.looking = undefined;
    }
  }

  private async takeDue(): Promise<void> {
    const { concurrency, leaseMs } = this.policy;
    const { slots, reserve } = this.wish();
    const unwritten = this.inHand.size - this.slots.taken;
    this.mayBeMore = true;
    // Whoever leaves a slot looks again.
    if (slots === 0 || unwritten > concurrency * UNWRITTEN || this.isStopped) return;
    const wish = { leaseMs, slots, reserve, usualRoom: this.lanes.usualRoom, rooms: this.lanes.rooms() };
    const askedAt = performance.now();
    const claim = await this.notifications.claim(wish);
    const beginBy = askedAt + this.policy.beginWithinMs;
    for (const notification of claim.claimed) this.begin(notification, beginBy);
    this.swept?.push(...claim.claimed.map(({ lateMs }) => ({ lateMs })));
    if (claim.missed > 0) this.isAskedAgain = true;
    this.mayBeMore = mayHaveLeftSome(wish, claim);
    const restMs = this.lanes.soonestRestMs();
    if (restMs !== undefined) this.times.in(restMs);
  }

  /** What is taken now, and how much of it a backlog leaves free; all of it when only what is fresh is taken. */
  private wish(): { readonly slots: number; readonly reserve: number } {
    const { wanted, wantedFresh } = this.slots;
    const isHinted = this.isHinted;
    this.isHinted = false;
    if (wanted === 0 && isHinted) return { slots: wantedFresh, reserve: wantedFresh };
    return { slots: wanted, reserve: this.policy.lane.reserve };
  }

  private begin(notification: ClaimedNotification, beginBy: number): void {
    const { paymentId } = notification;
    // Its lease ran out while this process stood still; it is on its way all the same.
    if (this.inHand.has(paymentId)) return;
    this.inHand.set(paymentId, this.takeTurn(notification, beginBy));
    this.figures.inHand(this.inHand.size);
  }

  private async takeTurn(notification: ClaimedNotification, beginBy: number): Promise<void> {
    const { paymentId } = notification;
    try {
      const sending = await this.send(notification, beginBy);
      const nextMs = sending && (await this.turns.end(notification, sending));
      if (nextMs !== undefined) this.times.in(nextMs);
    } catch (error) {
      // The row is still under lease; when that is over it is taken again.
      this.log.error('work.failed', { queue: this.name, id: paymentId }, error);
    }
    this.inHand.delete(paymentId);
    this.figures.inHand(this.inHand.size);
    this.lookSoon();
  }

  /** Its slot is free when the answer is there; the next one is sent while that is written down. */
  private async send(notification: ClaimedNotification, beginBy: number): Promise<Sending | undefined> {
    const lane = this.lanes.of(notification.host);
    await this.slots.enter(lane, notification.isBacklog);
    try {
      // Left to its lease: soon somebody else may take it.
      if (performance.now() > beginBy) return undefined;
      return this.isStopped ? { end: 'resting' } : await this.sender.send(notification);
    } finally {
      this.slots.leave(lane);
      this.lookSoon();
    }
  }

  /** A slot is free: is there more? */
  private lookSoon(): void {
    if (this.mayBeMore && this.slots.wanted > 0) this.lookInTime();
  }

  private lookInTime(): void {
    if (this.isStopped) return;
    this.look().catch((error: unknown) => this.log.error('notification.look_failed', {}, error));
  }
}

import { Injectable } from '@nestjs/common';
import type { ClaimedNotification } from '../payment-order/notification/notification.store.js';
import type { Late } from '../payment-order/sweep/sweep.store.js';
import { WORK } from '../payment-order/order/work.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { HostLanes } from './host-lanes.js';
import { LookTimes } from './look-times.js';
import { NotificationAttempt } from './notification-attempt.js';
import { NotificationClaimer } from './notification.claimer.js';
import { NotificationsInHand } from './notifications-in-hand.js';

/** The loop: it claims what is due, starts an attempt for each, and looks again when a slot is free or a time has come. */
@Injectable()
export class NotificationDispatcher {
  private readonly times = new LookTimes(() => this.lookInBackground());
  private readonly stopping = new AbortController();
  private looking: Promise<void> | undefined;
  private isAskedAgain = false;
  private swept: Late[] | undefined;

  constructor(
    private readonly claimer: NotificationClaimer,
    private readonly attempts: NotificationAttempt,
    private readonly inHand: NotificationsInHand,
    private readonly lanes: HostLanes,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
  ) {}

  /** Claims what is due now. A request made during a look triggers another one afterwards. */
  look(): Promise<void> {
    this.isAskedAgain = true;
    this.looking ??= this.lookWhileAsked();
    return this.looking;
  }

  /** As `look`, and returns what was claimed meanwhile. */
  async sweep(): Promise<readonly Late[]> {
    const swept: Late[] = [];
    this.swept = swept;
    await this.look().finally(() => (this.swept = undefined));
    return swept;
  }

  /** Nothing is claimed or sent any more; resolves when the last look is over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.times.clear();
    await this.looking?.catch(() => undefined);
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
    if (this.stopping.signal.aborted || this.queues.isPaused(WORK.notify)) return;
    const claim = await this.claimer.claim();
    if (!claim) return;
    for (const notification of claim.claimed) this.begin(notification, claim.beginBy);
    this.swept?.push(...claim.claimed.map(({ lateMs }) => ({ lateMs })));
    if (claim.missed > 0) this.isAskedAgain = true;
    const restMs = this.lanes.soonestRestMs();
    if (restMs !== undefined) this.times.in(restMs);
  }

  private begin(notification: ClaimedNotification, beginBy: number): void {
    const { paymentId } = notification;
    // Its lease ran out while this process stood still; its first attempt here goes on.
    if (this.inHand.has(paymentId)) return;
    this.inHand.add(paymentId, this.attempt(notification, beginBy));
  }

  private async attempt(notification: ClaimedNotification, beginBy: number): Promise<void> {
    const { paymentId } = notification;
    const onSlotFree = (): void => this.lookForMore();
    try {
      const terms = { beginBy, stop: this.stopping.signal, onSlotFree };
      const nextMs = await this.attempts.run(notification, terms);
      if (nextMs !== undefined) this.times.in(nextMs);
    } catch (error) {
      // The row is still under lease; when that is over it is claimed again.
      this.log.error('work.failed', { queue: WORK.notify, id: paymentId }, error);
    }
    this.inHand.remove(paymentId);
    this.lookForMore();
  }

  private lookForMore(): void {
    if (this.claimer.wantsMore) this.lookInBackground();
  }

  private lookInBackground(): void {
    if (this.stopping.signal.aborted) return;
    this.look().catch((error: unknown) => this.log.error('notification.look_failed', {}, error));
  }
}

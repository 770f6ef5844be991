import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Late } from '../payment-order/sweep/sweep.store.js';
import { WORK } from '../payment-order/order/work.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { NotificationClaimer } from './notification.claimer.js';
import { NotificationDispatcher } from './notification.dispatcher.js';
import { NotificationWatch } from './notification-watch.js';
import { NotificationsInHand } from './notifications-in-hand.js';

/** Longer than an attempt may take. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Sends the final results to Alipay+, the same bytes every time, until it acknowledges them. The rows say what is due;
 * a job only says that there may be something. The next look also comes with a free slot, with the time of a next
 * attempt, and with the sweeper in any case.
 */
@Injectable()
export class NotifierService implements Work, BeforeApplicationShutdown {
  readonly name = WORK.notify;
  /** Jobs are hints, and looking twice at the same time finds nothing twice. */
  readonly concurrency = 1;

  constructor(
    private readonly claimer: NotificationClaimer,
    private readonly dispatcher: NotificationDispatcher,
    private readonly watch: NotificationWatch,
    private readonly inHand: NotificationsInHand,
  ) {}

  async run(): Promise<WorkDone> {
    this.claimer.hint();
    await this.dispatcher.look();
    return DONE;
  }

  /**
   * What must happen even if every hint is lost.
   *
   * @returns what was claimed meanwhile
   */
  async sweep(): Promise<readonly Late[]> {
    await this.watch.look();
    return this.dispatcher.sweep();
  }

  /** What is in hand is finished first, while the database is still there for it. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.dispatcher.stop();
    await this.inHand.finish(STOP_TIMEOUT_MS);
  }
}

import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  NotificationStore,
  type ClaimedNotification,
} from '../payment-order/notification/notification.store.js';
import { WORK } from '../payment-order/order/work.js';
import { DeliveryEngine } from '../platform/delivery/delivery-engine.js';
import type { Claimed, ClaimRequest } from '../platform/delivery/due-claimer.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { isHostFailure } from './acknowledgement.js';
import { AttemptRecorder } from './attempt.recorder.js';
import { NotificationSender, type AttemptedNotification, type Sending } from './notification.sender.js';
import { NotificationWatch } from './notification-watch.js';
import { NotifyFigures } from './notify-figures.js';
import { NotifyPolicy } from './notify-policy.js';
import type { Origin } from '../platform/tracing/origin.js';
import { Tracing } from '../platform/tracing/tracing.js';

/**
 * Sends the final results to Alipay+, the same bytes every time, until it acknowledges them. The rows say what is due;
 * a job only says that there may be something. The next query also comes with a free slot, with the time of a next
 * attempt, and always with the sweeper.
 */
@Injectable()
export class NotifierService implements Work, BeforeApplicationShutdown {
  readonly name = WORK.notify;
  /** Jobs are hints, and two queries at the same time find nothing twice. */
  readonly concurrency = 1;
  private readonly engine: DeliveryEngine<AttemptedNotification, Sending>;

  constructor(
    notifications: NotificationStore,
    sender: NotificationSender,
    recorder: AttemptRecorder,
    private readonly watch: NotificationWatch,
    figures: NotifyFigures,
    policy: NotifyPolicy,
    queues: WorkQueues,
    log: EventLog,
    tracing: Tracing,
  ) {
    const kind = {
      keyOf: ({ paymentId }: AttemptedNotification) => paymentId,
      laneOf: ({ host }: AttemptedNotification) => host,
      claim: async (request: ClaimRequest) => {
        const { claimed, missed } = await notifications.claim(request);
        return { claimed: claimed.map((one) => ({ ...one, origin: originOf(one, tracing) })), missed };
      },
      send: sender.send.bind(sender),
      unsent: { outcome: 'resting' } as const,
      record: async (notification: AttemptedNotification, sending: Sending) => {
        const nextMs = await recorder.record(notification, sending);
        if (sending.outcome !== 'resting') notification.origin.end();
        return nextMs;
      },
      isPaused: () => queues.isPaused(WORK.notify),
      onInHand: (count: number) => figures.inHand(count),
      onAttemptFailed: ({ origin, paymentId: id }: AttemptedNotification, error: unknown) => {
        origin.end('failed');
        log.error('work.failed', { origin, queue: WORK.notify, id }, error);
      },
      onLookFailed: (error: unknown) => log.error('notification.look_failed', {}, error),
    };
    this.engine = new DeliveryEngine(kind, policy, {
      isFailure: isHostFailure,
      onResting: (host) => {
        figures.hostResting(host, true);
        log.error('notification.host_resting', { host, openMs: policy.lane.openMs, alarm: true });
        log.lasts('notification.host_resting', host);
      },
      onAnswering: (host) => {
        figures.hostResting(host, false);
        log.ends('notification.host_resting', host);
        log.event('notification.host_answers', { host });
      },
      onForgotten: (host) => {
        figures.hostResting(host, false);
        log.ends('notification.host_resting', host);
        log.event('notification.host_forgotten', { host });
      },
    });
  }

  async run(): Promise<WorkDone> {
    await this.engine.lookForNew();
    return DONE;
  }

  /**
   * What must happen even if every hint is lost.
   *
   * @returns what was claimed meanwhile
   */
  async sweep(): Promise<readonly Pick<Claimed, 'lateMs'>[]> {
    await this.watch.look();
    return this.engine.sweep();
  }

  /** What is in hand is finished first, while the database is still there for it. */
  beforeApplicationShutdown(): Promise<void> {
    return this.engine.stop();
  }
}

/** The first attempt belongs to what settled the order; a later one may come the next day. */
function originOf({ paymentId, tries, traceparent }: ClaimedNotification, tracing: Tracing): Origin {
  const attributes = { 'mpp.payment_id': paymentId, 'mpp.attempt': tries + 1 };
  const plan = { name: `process ${WORK.notify}`, kind: 'taken', attributes } as const;
  return tries === 0 ? tracing.taken(traceparent, plan) : tracing.takenLater(traceparent, plan);
}

import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Exchange } from '../alipay-plus/exchange.js';
import { NotificationStore, type ClaimedNotification } from '../payment-order/notification.store.js';
import type { ExchangeEvidence } from '../payment-order/scan.js';
import { WORK } from '../payment-order/work-names.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { statusAfter } from './acknowledgement.js';
import { NotificationSender } from './notification.sender.js';
import { NotificationWatch } from './notification-watch.js';
import { nextTryMs } from './notify-schedule.js';
import { NotifyPolicy } from './notify-policy.js';
import { redactedAnswer } from './redacted-answer.js';

/** A job may come a little before the time in the row; the clocks behind the two differ. */
const EARLY_MS = 250;

/** Tells Alipay+ the final result, the same bytes every time, until it acknowledges them. */
@Injectable()
export class NotifierService implements Work {
  readonly name = WORK.notify;

  constructor(
    private readonly notifications: NotificationStore,
    private readonly sender: NotificationSender,
    private readonly watch: NotificationWatch,
    private readonly queues: WorkQueues,
    private readonly policy: NotifyPolicy,
  ) {}

  get concurrency(): number {
    return this.policy.concurrency;
  }

  async run(paymentId: string): Promise<WorkDone> {
    const notification = await this.notifications.claim(paymentId, this.policy.leaseMs, EARLY_MS);
    if (!notification) return DONE;
    await this.watch.look(notification);
    if (notification.isOverdue) await this.park(notification, 'not_acknowledged_in_time');
    else await this.send(notification);
    return DONE;
  }

  private async send(notification: ClaimedNotification): Promise<void> {
    const sending = await this.sender.send(notification);
    if (sending.end === 'sent') await this.settle(notification, sending.exchange);
    else if (sending.end === 'deferred') await this.defer(notification, sending.why, sending.delayMs);
    else await this.park(notification, sending.why, sending.foundSha256);
  }

  private async settle(notification: ClaimedNotification, exchange: Exchange<unknown>): Promise<void> {
    const { paymentId, requestedBy, scheduleTries } = notification;
    const { scheduleMs, jitter } = this.policy;
    const status = statusAfter(exchange.outcome, exchange.resultCode);
    const delayMs = nextTryMs(scheduleMs, scheduleTries + 1, jitter, Math.random());
    const recorded = await this.notifications.record(paymentId, evidenceOf(exchange), {
      status,
      requestedBy,
      ...(status === 'PENDING' ? { delayMs } : {}),
    });
    this.watch.attempted(notification, exchange, status);
    if (recorded && status === 'PENDING')
      await this.wake(paymentId, String(recorded.tries), recorded.delayMs);
  }

  /** The row is put off without a try. Each time is a turn of its own, or its job would be taken for the last one. */
  private async defer(notification: ClaimedNotification, why: string, delayMs: number): Promise<void> {
    const { paymentId } = notification;
    const deferred = await this.notifications.defer(paymentId, delayMs);
    this.watch.deferred(notification, why, delayMs);
    if (deferred) await this.wake(paymentId, `${deferred.tries}-deferred-${randomUUID()}`, deferred.delayMs);
  }

  private async park(notification: ClaimedNotification, why: string, foundSha256?: string): Promise<void> {
    if (await this.notifications.park(notification.paymentId, why)) {
      this.watch.parked(notification, why, foundSha256);
    }
  }

  private async wake(paymentId: string, turn: string, delayMs: number): Promise<void> {
    await this.queues.wake(WORK.notify, { id: paymentId, turn, delayMs });
  }
}

function evidenceOf(exchange: Exchange<unknown>): ExchangeEvidence {
  return {
    outcome: exchange.outcome,
    durationMs: exchange.durationMs,
    requestTime: exchange.requestTime,
    keyVersion: exchange.keyVersion,
    ...(exchange.reason === undefined ? {} : { reason: exchange.reason }),
    ...(exchange.resultCode === undefined ? {} : { resultCode: exchange.resultCode }),
    ...(exchange.httpStatus === undefined ? {} : { httpStatus: exchange.httpStatus }),
    ...(exchange.rawResponse === undefined ? {} : { answer: redactedAnswer(exchange.rawResponse) }),
  };
}

import { Injectable } from '@nestjs/common';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import {
  NotificationStore,
  type ClaimedNotification,
} from '../payment-order/notification/notification.store.js';
import type { NotificationStatus } from '../payment-order/order/payment-status.js';
import { EventLog, type EventFields } from '../platform/logging/event-log.js';
import { NotifyFigures } from './notify-figures.js';
import type { PaymentId } from '../payment-order/order/ids.js';
import type { AttemptedNotification } from './notification.sender.js';

/** Notifications that one query takes; when it is full, there are more. */
const BATCH = 200;
const OUT_OF_TIME = 'not_acknowledged_in_time';

/** Reports what becomes of notifications: in the log, in metrics, and with an alarm where a person is needed. */
@Injectable()
export class NotificationWatch {
  constructor(
    private readonly notifications: NotificationStore,
    private readonly figures: NotifyFigures,
    private readonly log: EventLog,
  ) {}

  /** Raises the alarms that are due, and parks notifications whose time is over. */
  async look(): Promise<void> {
    for (;;) {
      const overdue = await this.notifications.watch(BATCH, OUT_OF_TIME);
      for (const { thresholds, isParked, ...notification } of overdue) {
        const { paymentId, tries, givesUpAt } = notification;
        for (const threshold of thresholds)
          this.undelivered(paymentId, threshold, tries, { givesUpAt: givesUpAt.toISOString() });
        if (isParked) this.parked(notification, OUT_OF_TIME);
      }
      if (overdue.length < BATCH) return;
    }
  }

  attempted(
    notification: AttemptedNotification,
    exchange: Exchange<unknown>,
    status: NotificationStatus,
  ): void {
    const { paymentId, url, requestedBy, origin } = notification;
    const attempt = notification.tries + 1;
    const { outcome, reason, resultCode, durationMs } = exchange;
    const fields = {
      origin,
      paymentId,
      attempt,
      status,
      outcome,
      reason,
      resultCode,
      requestedBy,
      ms: Math.round(durationMs),
    };
    this.figures.attempted(url, attempt, exchange);
    if (status === 'DELIVERED') this.figures.acknowledged(url, attempt);
    if (status !== 'REJECTED') return this.log.event('notification.attempted', fields);
    this.figures.undelivered(url, 'REJECTED', resultCode ?? 'none');
    this.log.error('notification.rejected', { ...fields, moneyHeld: saysPaid(notification), alarm: true });
  }

  undelivered(paymentId: PaymentId, threshold: string, tries: number, more: EventFields = {}): void {
    this.log.error('notification.undelivered', { paymentId, threshold, tries, ...more, alarm: true });
  }

  parked(
    { paymentId, url, tries }: Pick<ClaimedNotification, 'paymentId' | 'url' | 'tries'>,
    why: string,
    more: EventFields = {},
  ): void {
    this.figures.undelivered(url, 'PARKED', why);
    this.log.error('notification.parked', { paymentId, why, tries, ...more, alarm: true });
  }
}

/** Whether the result that Alipay+ refused is a paid one: then the payer's money is held. */
function saysPaid({ body }: ClaimedNotification): boolean {
  if (body === undefined) return false; // nobody was sent it
  const told = JSON.parse(body.toString()) as { paymentResult?: { resultStatus?: string } }; // our own writer wrote it
  return told.paymentResult?.resultStatus === 'S';
}

import { Injectable } from '@nestjs/common';
import type { Exchange } from '../alipay-plus/exchange.js';
import { NotificationStore, type ClaimedNotification } from '../payment-order/notification.store.js';
import type { NotificationStatus } from '../payment-order/payment-status.js';
import { EventLog } from '../platform/logging/event-log.js';
import { dueAlarms } from './due-alarms.js';
import { NotifyFigures } from './notify-figures.js';

/** Tells what becomes of notifications: to the log, in figures, and with an alarm where a person is needed. */
@Injectable()
export class NotificationWatch {
  constructor(
    private readonly notifications: NotificationStore,
    private readonly figures: NotifyFigures,
    private readonly log: EventLog,
  ) {}

  /** Alarms for one that is overdue for it, once per threshold. */
  async look(notification: ClaimedNotification): Promise<void> {
    const { paymentId, tries, givesUpAt } = notification;
    for (const threshold of dueAlarms(notification)) {
      if (!(await this.notifications.raise(paymentId, threshold))) continue;
      const fields = { paymentId, threshold, tries, givesUpAt: givesUpAt.toISOString() };
      this.log.error('notification.undelivered', { ...fields, alarm: true });
    }
  }

  attempted(
    notification: ClaimedNotification,
    exchange: Exchange<unknown>,
    status: NotificationStatus,
  ): void {
    const { paymentId, url, requestedBy } = notification;
    const attempt = notification.tries + 1;
    const { outcome, reason, resultCode, durationMs } = exchange;
    const fields = {
      paymentId,
      attempt,
      status,
      outcome,
      reason,
      resultCode,
      requestedBy,
      ms: Math.round(durationMs),
    };
    this.figures.attempted(url, exchange);
    if (status === 'DELIVERED') this.figures.acknowledged(url, attempt);
    if (status !== 'REJECTED') return this.log.event('notification.attempted', fields);
    this.figures.undelivered(url, 'REJECTED', resultCode ?? 'none');
    this.log.error('notification.rejected', { ...fields, alarm: true });
  }

  parked(
    { paymentId, url, tries, bodySha256 }: ClaimedNotification,
    why: string,
    foundSha256?: string,
  ): void {
    this.figures.undelivered(url, 'PARKED', why);
    const hashes = foundSha256 === undefined ? {} : { frozenSha256: bodySha256.toString('hex'), foundSha256 };
    this.log.error('notification.parked', { paymentId, why, tries, ...hashes, alarm: true });
  }

  deferred({ paymentId, url }: ClaimedNotification, why: string, delayMs: number): void {
    this.figures.putOff(url, why);
    this.log.debug('notification.deferred', { paymentId, why, delayMs });
  }
}

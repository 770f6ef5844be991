import { Injectable } from '@nestjs/common';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Exchange } from '../alipay-plus/exchange.js';
import { NotificationStore } from '../payment-order/notification.store.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { isListedRefusal } from './acknowledgement.js';
import { NotifyPolicy } from './notify-policy.js';
import { listedHost } from './trusted-url.js';

const TRIES = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144];

/** What notifications come to, in numbers. Hosts are told by their entry in the allow-list, so that labels stay few. */
@Injectable()
export class NotifyFigures {
  private readonly attempts: Counter<'host' | 'outcome' | 'reason'>;
  private readonly delivered: Counter<'host'>;
  private readonly ended: Counter<'host' | 'status' | 'reason'>;
  private readonly deferred: Counter<'host' | 'reason'>;
  private readonly triesPerDelivery: Histogram<'host'>;
  private readonly resting: Gauge<'host'>;

  constructor(
    metrics: Metrics,
    notifications: NotificationStore,
    private readonly policy: NotifyPolicy,
  ) {
    this.attempts = metrics.counter({
      name: 'notification_attempts_total',
      help: 'Calls that were made, by what the answer proved: accepted is a verified S in the body.',
      labels: ['host', 'outcome', 'reason'],
    });
    this.delivered = metrics.counter({
      name: 'notification_delivered_total',
      help: 'Notifications that were acknowledged.',
      labels: ['host'],
    });
    this.ended = metrics.counter({
      name: 'notification_undelivered_total',
      help: 'Notifications that ended without an acknowledgement: PARKED or REJECTED, and why.',
      labels: ['host', 'status', 'reason'],
    });
    this.deferred = metrics.counter({
      name: 'notification_deferred_total',
      help: 'Turns given back without a call, because the host was busy or resting.',
      labels: ['host', 'reason'],
    });
    this.triesPerDelivery = metrics.histogram({
      name: 'notification_delivery_attempts',
      help: 'Calls it took until a notification was acknowledged.',
      labels: ['host'],
      buckets: TRIES,
    });
    this.resting = metrics.gauge({
      name: 'notification_host_resting',
      help: '1 while this process leaves a host alone because calls to it kept failing.',
      labels: ['host'],
    });
    metrics.gauge({
      name: 'notification_oldest_undelivered_seconds',
      help: 'Age of the oldest notification of each state that is not delivered; 0 when there is none.',
      labels: ['status'],
      collect: (gauge) => setOldest(gauge, notifications),
    });
  }

  attempted(url: string, { outcome, reason, resultCode }: Exchange<unknown>): void {
    const refusal = isListedRefusal(resultCode) ? resultCode : 'unlisted_code';
    const told = outcome === 'rejected' ? refusal : (reason ?? 'acknowledged');
    this.attempts.inc({ host: this.label(url), outcome, reason: told });
  }

  acknowledged(url: string, tries: number): void {
    const host = this.label(url);
    this.delivered.inc({ host });
    this.triesPerDelivery.observe({ host }, tries);
  }

  undelivered(url: string, status: 'PARKED' | 'REJECTED', reason: string): void {
    this.ended.inc({ host: this.label(url), status, reason });
  }

  putOff(url: string, reason: string): void {
    this.deferred.inc({ host: this.label(url), reason });
  }

  hostResting(host: string, isResting: boolean): void {
    this.resting.set({ host: this.label(`https://${host}`) }, isResting ? 1 : 0);
  }

  private label(url: string): string {
    return listedHost(url, this.policy.urls.hosts) ?? 'other';
  }
}

async function setOldest(gauge: Gauge<'status'>, notifications: NotificationStore): Promise<void> {
  try {
    const oldest = await notifications.oldestUndelivered();
    for (const { status, ageSeconds } of oldest) gauge.set({ status }, ageSeconds);
  } catch {
    // The database is away: no figure is better than one that looks like none are waiting.
    gauge.reset();
  }
}

import { Injectable, Optional } from '@nestjs/common';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import { listedHost } from '../alipay-plus/calls/notify-url.js';
import { NotificationStore } from '../payment-order/notification/notification.store.js';
import type { NotificationStatus } from '../payment-order/order/payment-status.js';
import { Rests } from '../platform/delivery/rests.js';
import { HealthProbes } from '../platform/health/health-probes.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { isListedRefusal } from './acknowledgement.js';
import { NotifyPolicy } from './notify-policy.js';

const UNDELIVERED: readonly NotificationStatus[] = ['PENDING', 'PARKED', 'REJECTED'];
/** A host that is not in the allow-list, any more or ever. */
const OTHER = 'other';
/** Addresses whose label is remembered; most are one address per host. */
const MOST_LABELS = 1_000;
const TRIES = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144];

/** The metrics of notifications. Hosts are labelled by their entry in the allow-list, so that labels stay few. */
@Injectable()
export class NotifyFigures {
  private readonly attempts: Counter<'host' | 'outcome' | 'reason'>;
  private readonly delivered: Counter<'host'>;
  private readonly ended: Counter<'host' | 'status' | 'reason'>;
  private readonly retries: Counter<'host'>;
  private readonly triesPerDelivery: Histogram<'host'>;
  private readonly resting: Gauge<'host'>;
  private readonly taken: Gauge;
  private readonly labels = new Map<string, string>();
  private readonly rests = new Rests();

  constructor(
    metrics: Metrics,
    notifications: NotificationStore,
    private readonly policy: NotifyPolicy,
    @Optional() probes?: HealthProbes,
  ) {
    probes?.register(this.rests.probe('notifyHosts'));
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
    this.retries = metrics.counter({
      name: 'notification_retries_total',
      help: 'Calls that were not the first of their notification.',
      labels: ['host'],
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
    this.taken = metrics.gauge({
      name: 'notification_in_hand',
      help: 'Notifications this process has taken: waiting for a slot, being sent, or being written down.',
    });
    metrics.gauge({
      name: 'notification_oldest_undelivered_seconds',
      help: 'Age of the oldest notification of each state that is not delivered; 0 when there is none.',
      labels: ['host', 'status'],
      collect: (gauge) => this.setOldest(gauge, notifications),
    });
  }

  attempted(url: string, attempt: number, { outcome, reason, resultCode }: Exchange<unknown>): void {
    const host = this.label(url);
    const refusal = isListedRefusal(resultCode) ? resultCode : 'unlisted_code';
    const told = outcome === 'rejected' ? refusal : (reason ?? 'acknowledged');
    this.attempts.inc({ host, outcome, reason: told });
    if (attempt > 1) this.retries.inc({ host });
  }

  acknowledged(url: string, tries: number): void {
    const host = this.label(url);
    this.delivered.inc({ host });
    this.triesPerDelivery.observe({ host }, tries);
  }

  undelivered(url: string, status: 'PARKED' | 'REJECTED', reason: string): void {
    const told = status === 'PARKED' || isListedRefusal(reason) ? reason : 'unlisted_code';
    this.ended.inc({ host: this.label(url), status, reason: told });
  }

  inHand(count: number): void {
    this.taken.set(count);
  }

  hostResting(host: string, isResting: boolean): void {
    this.resting.set({ host: this.label(`https://${host}`) }, isResting ? 1 : 0);
    this.rests.set(host, isResting);
  }

  private async setOldest(gauge: Gauge<'host' | 'status'>, notifications: NotificationStore): Promise<void> {
    gauge.reset();
    const ages = new Map<string, number>();
    for (const { host, status, ageSeconds } of await notifications.oldestUndelivered()) {
      const key = `${status} ${this.label(`https://${host}`)}`;
      ages.set(key, Math.max(ageSeconds, ages.get(key) ?? 0));
    }
    for (const host of [...this.policy.urls.hosts, OTHER])
      for (const status of UNDELIVERED) gauge.set({ host, status }, ages.get(`${status} ${host}`) ?? 0);
  }

  private label(url: string): string {
    const known = this.labels.get(url);
    if (known !== undefined) return known;
    const label = listedHost(url, this.policy.urls.hosts) ?? OTHER;
    if (this.labels.size < MOST_LABELS) this.labels.set(url, label);
    return label;
  }
}

import { Injectable, Optional } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import { EventStore } from '../payment-order/event/event.store.js';
import { Rests } from '../platform/delivery/rests.js';
import { HealthProbes } from '../platform/health/health-probes.js';
import { Metrics } from '../platform/metrics/metrics.js';

/** The metrics of events. Endpoints are few, and named in a file of settings. */
@Injectable()
export class EventFigures {
  private readonly attempts: Counter<'endpoint' | 'outcome'>;
  private readonly parkings: Counter<'endpoint'>;
  private readonly resting: Gauge<'endpoint'>;
  private readonly taken: Gauge;
  private readonly rests = new Rests();

  constructor(metrics: Metrics, events: EventStore, @Optional() probes?: HealthProbes) {
    probes?.register(this.rests.probe('eventEndpoints'));
    this.attempts = metrics.counter({
      name: 'event_attempts_total',
      help: 'Calls to endpoints of the wallet: delivered is an answer 2xx, everything else failed.',
      labels: ['endpoint', 'outcome'],
    });
    this.parkings = metrics.counter({
      name: 'event_parked_total',
      help: 'Events that no answer 2xx came to in time; an operator can resend them.',
      labels: ['endpoint'],
    });
    this.resting = metrics.gauge({
      name: 'event_endpoint_resting',
      help: '1 while this process leaves an endpoint alone because calls to it kept failing.',
      labels: ['endpoint'],
    });
    this.taken = metrics.gauge({
      name: 'event_in_hand',
      help: 'Events this process has taken: waiting for a slot, being sent, or being written down.',
    });
    metrics.gauge({
      name: 'event_oldest_undelivered_seconds',
      help: 'Age of the oldest event of each endpoint that is not delivered; no series when there is none.',
      labels: ['endpoint', 'status'],
      collect: (gauge) => setOldest(gauge, events),
    });
  }

  attempted(endpoint: string, outcome: 'delivered' | 'failed'): void {
    this.attempts.inc({ endpoint, outcome });
  }

  parked(endpoint: string): void {
    this.parkings.inc({ endpoint });
  }

  endpointResting(endpoint: string, isResting: boolean): void {
    this.resting.set({ endpoint }, isResting ? 1 : 0);
    this.rests.set(endpoint, isResting);
  }

  inHand(count: number): void {
    this.taken.set(count);
  }
}

async function setOldest(gauge: Gauge<'endpoint' | 'status'>, events: EventStore): Promise<void> {
  gauge.reset();
  try {
    for (const { endpoint, status, ageSeconds } of await events.oldestUndelivered())
      gauge.set({ endpoint, status }, ageSeconds);
  } catch {
    // The database is away: no figure is better than one that looks like none are waiting.
  }
}

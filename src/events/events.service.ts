import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { EventStore, type ClaimedDelivery } from '../payment-order/event/event.store.js';
import { WORK } from '../payment-order/order/work.js';
import { DeliveryEngine } from '../platform/delivery/delivery-engine.js';
import { DeliveryPace } from '../platform/delivery/delivery-pace.js';
import type { Claim, ClaimRequest } from '../platform/delivery/due-claimer.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { EventEndpoints } from './event-endpoints.js';
import { EventFigures } from './event-figures.js';
import { EventSender, isEndpointFailure, type AttemptedDelivery, type EventSending } from './event-sender.js';
import { EventsSettings } from './events.settings.js';
import type { Origin } from '../platform/tracing/origin.js';
import { Tracing } from '../platform/tracing/tracing.js';

/** Rows of one statement; there are more when it comes back full. */
const BATCH = 500;
const HOUR_MS = 3_600_000;
const OUT_OF_TIME = 'not_acknowledged_in_time';
const NOTHING: Claim<AttemptedDelivery> = { claimed: [], missed: 0 };
const NO_ROOM = { all: 0, backlog: 0 };

/**
 * Sends every change to the wallet's back end, in order for each payment and at least once. The rows are written with
 * the changes; the sweeper looks for new ones, so that nothing on a payer's way waits for them.
 */
@Injectable()
export class EventsService implements Work, BeforeApplicationShutdown {
  readonly name = WORK.events;
  /** Jobs are hints, and two queries at the same time find nothing twice. */
  readonly concurrency = 1;
  private readonly pace: DeliveryPace;
  private readonly engine: DeliveryEngine<AttemptedDelivery, EventSending>;

  constructor(
    private readonly events: EventStore,
    private readonly endpoints: EventEndpoints,
    sender: EventSender,
    private readonly figures: EventFigures,
    private readonly settings: EventsSettings,
    queues: WorkQueues,
    private readonly log: EventLog,
    private readonly tracing: Tracing,
  ) {
    this.pace = paceOf(settings);
    const kind = {
      keyOf: ({ deliveryId }: AttemptedDelivery) => deliveryId,
      laneOf: ({ endpoint }: AttemptedDelivery) => endpoint,
      claim: (request: ClaimRequest) => this.claim(request),
      send: sender.send.bind(sender),
      unsent: { outcome: 'resting' } as const,
      record: (delivery: AttemptedDelivery, sending: EventSending) => this.record(delivery, sending),
      isPaused: () => queues.isPaused(WORK.events),
      onInHand: (count: number) => figures.inHand(count),
      onAttemptFailed: ({ origin, deliveryId: id }: AttemptedDelivery, error: unknown) => {
        origin.end('failed');
        log.error('work.failed', { origin, queue: WORK.events, id }, error);
      },
      onLookFailed: (error: unknown) => log.error('event.look_failed', {}, error),
    };
    this.engine = new DeliveryEngine(kind, this.pace, {
      isFailure: isEndpointFailure,
      onResting: (endpoint) => {
        figures.endpointResting(endpoint, true);
        log.error('event.endpoint_resting', { endpoint, openMs: this.pace.lane.openMs, alarm: true });
        log.lasts('event.endpoint_resting', endpoint);
      },
      onAnswering: (endpoint) => {
        figures.endpointResting(endpoint, false);
        log.ends('event.endpoint_resting', endpoint);
        log.event('event.endpoint_answers', { endpoint });
      },
      onForgotten: (endpoint) => {
        figures.endpointResting(endpoint, false);
        log.ends('event.endpoint_resting', endpoint);
        log.event('event.endpoint_forgotten', { endpoint });
      },
    });
  }

  async run(): Promise<WorkDone> {
    if (this.endpoints.all.length > 0) await this.engine.lookForNew();
    return DONE;
  }

  /**
   * Finds new events, and delivers them.
   *
   * @returns how many events were new
   */
  async sweep(): Promise<number> {
    await this.endpoints.refresh();
    if (this.endpoints.all.length === 0) return 0;
    const fresh = await this.spread();
    await this.parkOverdue();
    if (fresh > 0) await this.engine.lookForNew();
    else await this.engine.sweep();
    return fresh;
  }

  /** @returns how many events are gone, because they are older than the settings keep them */
  async forget(): Promise<number> {
    for (let gone = 0; ;) {
      const now = await this.events.forget(this.settings.retentionDays, BATCH);
      gone += now;
      if (now < BATCH) return gone;
    }
  }

  /** What is in hand is finished first, while the database is still there for it. */
  beforeApplicationShutdown(): Promise<void> {
    return this.engine.stop();
  }

  private async spread(): Promise<number> {
    for (let sum = 0; ;) {
      const { events } = await this.events.spread(BATCH, this.settings.giveUpHours * HOUR_MS);
      sum += events;
      if (events < BATCH) return sum;
    }
  }

  private async parkOverdue(): Promise<void> {
    for (;;) {
      const parked = await this.events.parkOverdue(BATCH, OUT_OF_TIME);
      for (const { eventId, endpoint, type, tries, isTold } of parked) {
        this.figures.parked(endpoint);
        this.log.error('event.parked', { eventId, endpoint, type, tries, alarm: isTold });
      }
      if (parked.length < BATCH) return;
    }
  }

  /** Only for the endpoints this process knows: other processes deliver to the others. */
  private async claim({ rooms, usualRoom, ...request }: ClaimRequest): Promise<Claim<AttemptedDelivery>> {
    const known = this.endpoints.all.map(({ name }) => [name, rooms.get(name) ?? usualRoom] as const);
    if (known.length === 0) return NOTHING;
    const claim = await this.events.claim({ ...request, rooms: new Map(known), usualRoom: NO_ROOM });
    return { ...claim, claimed: claim.claimed.map((one) => ({ ...one, origin: this.originOf(one) })) };
  }

  /** Its row was written by the database with the change, which knows nothing of traces. */
  private originOf({ tries }: ClaimedDelivery): Origin {
    const attributes = { 'mpp.attempt': tries + 1 };
    return this.tracing.taken(undefined, { name: `process ${WORK.events}`, kind: 'taken', attributes });
  }

  private async record(delivery: AttemptedDelivery, sending: EventSending): Promise<number | undefined> {
    const { deliveryId } = delivery;
    if (sending.outcome === 'resting') await this.events.release([deliveryId]);
    else if (sending.outcome === 'blocked') await this.events.defer(deliveryId);
    else {
      const nextMs = await this.recordAnswer(delivery, sending);
      delivery.origin.end();
      return nextMs;
    }
    return undefined;
  }

  private async recordAnswer(
    delivery: AttemptedDelivery,
    sending: Extract<EventSending, { outcome: 'delivered' | 'failed' }>,
  ): Promise<number | undefined> {
    const { deliveryId, requestedBy } = delivery;
    const isDelivered = sending.outcome === 'delivered';
    const recorded = await this.events.record(deliveryId, {
      status: isDelivered ? 'DELIVERED' : 'PENDING',
      outcome: isDelivered ? `http_${sending.httpStatus}` : sending.why,
      requestedBy,
      ...(isDelivered ? {} : { delayMs: this.pace.nextMs(delivery.scheduleTries + 1) }),
    });
    this.report(delivery, sending);
    if (isDelivered) return recorded?.hasNext === true ? 0 : undefined;
    return recorded?.delayMs;
  }

  private report(
    { eventId, endpoint, tries, requestedBy, origin }: AttemptedDelivery,
    sending: Extract<EventSending, { outcome: 'delivered' | 'failed' }>,
  ): void {
    const { outcome, ms } = sending;
    this.figures.attempted(endpoint, outcome);
    const why = sending.outcome === 'failed' ? sending.why : undefined;
    this.log.event('event.attempted', {
      origin,
      eventId,
      endpoint,
      attempt: tries + 1,
      outcome,
      why,
      requestedBy,
      ms,
    });
  }
}

/** For one endpoint: how many of the last calls are counted, how many failures pause it, and for how long. */
const BREAKER = { window: 10, failures: 8, openMs: 15_000 };
const JITTER = 0.2;

function paceOf({ scheduleMs, concurrency, timeoutMs }: EventsSettings): DeliveryPace {
  return new DeliveryPace({
    scheduleMs: scheduleMs.map(Number),
    jitter: JITTER,
    concurrency,
    callMs: timeoutMs,
    lane: { concurrency: Math.ceil((concurrency * 3) / 4), ...BREAKER },
  });
}

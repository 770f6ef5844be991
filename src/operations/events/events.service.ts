import type { Origin } from '../../platform/tracing/origin.js';
import { Injectable } from '@nestjs/common';
import { EventsSettings } from '../../events/events.settings.js';
import { EVENT_BODY } from '../../payment-order/event/event.store.js';
import { EventResendStore, type ResendFilter } from '../../payment-order/event/event-resend.store.js';
import type { Approval } from '../../payment-order/operator/approval.store.js';
import { WORK } from '../../payment-order/order/work.js';
import type { Caller } from '../../platform/auth/caller.js';
import { ReadingPool } from '../../platform/database/reading-pool.js';
import { EventLog } from '../../platform/logging/event-log.js';
import type { FieldFault } from '../../platform/http/problem.js';
import { placeOf } from '../../platform/sealing/sealed-column.js';
import { openedOr, Sealing } from '../../platform/sealing/sealing.js';
import { answerOf } from '../../platform/present.js';
import { WorkQueues } from '../../platform/queues/work-queues.js';
import { Proposals } from '../approvals/proposals.js';
import { capOf } from '../bulk-fields.js';
import { refuse } from '../operations.problems.js';
import { actorOf } from '../operator.js';
import { DELIVERIES, type FoundEventRow } from '../search/event-search.sql.js';
import { deliveryView } from '../search/search.view.js';
import type { EventDto, ResendEventDto, ResendEventsDto, ResentEventsDto } from './events.dto.js';

const HOUR_MS = 3_600_000;
/** The most endpoints of one event. */
const ALL_OF_ONE = 100;

interface EventRow extends FoundEventRow {
  readonly body: Buffer | null;
  readonly resends: EventDto['resends'];
}

const ONE = `
  select e.event_id, e.type, e.payment_id, e.scan_id, e.at, e.body, ${DELIVERIES} as deliveries,
    coalesce((select jsonb_agg(jsonb_build_object('at', r.at, 'endpoint', r.endpoint, 'actor', r.actor,
      'reason', r.reason) order by r.resend_id desc) from event_resend r where r.event_id = e.event_id), '[]') as resends
  from wallet_event e where e.event_id = $1::uuid`;

/** Shows events to operators, and resends them. */
@Injectable()
export class OperatorEvents {
  constructor(
    private readonly pool: ReadingPool,
    private readonly sealing: Sealing,
    private readonly resends: EventResendStore,
    private readonly queues: WorkQueues,
    private readonly settings: EventsSettings,
    private readonly proposals: Proposals,
    private readonly log: EventLog,
  ) {}

  async one(eventId: string): Promise<EventDto> {
    const [row] = await this.pool.run<EventRow>({ text: ONE, values: [eventId] });
    if (!row) throw refuse('NOT_FOUND');
    return answerOf<EventDto>({
      eventId,
      type: row.type,
      paymentId: row.payment_id,
      scanId: row.scan_id,
      createdAt: row.at.toISOString(),
      deliveries: row.deliveries.map(deliveryView),
      message: this.messageOf(row),
      resends: row.resends.map(({ at, endpoint, actor, reason }) => ({
        at: new Date(at).toISOString(),
        endpoint,
        actor,
        reason,
      })),
    });
  }

  /** Undefined before the first sending, and when no key here can decrypt it. */
  private messageOf({ event_id: eventId, body }: EventRow): object | undefined {
    if (body === null) return undefined;
    const opened = openedOr(undefined, () => this.sealing.open(placeOf(EVENT_BODY, [eventId]), body));
    return opened && (JSON.parse(opened.toString()) as object); // our own writer wrote it
  }

  async resend(caller: Caller, eventId: string, { reason, endpoint }: ResendEventDto): Promise<EventDto> {
    const event = await this.one(eventId);
    const which = {
      eventId,
      onlyParked: false,
      limit: ALL_OF_ONE,
      ...(endpoint !== undefined && { endpoint }),
    };
    const { requested } = await this.request(caller, which, { reason, dryRun: false });
    return requested > 0 ? this.one(eventId) : event;
  }

  /** @returns the proposal when so many need a second person */
  resendMany(
    caller: Caller,
    request: ResendEventsDto,
  ): Promise<ResentEventsDto & { readonly approval?: Approval }> {
    const { reason, dryRun = true, cap, status = 'PARKED', since, until, ...more } = request;
    const which = {
      ...more,
      since: new Date(since).toISOString(),
      ...(until !== undefined && { until: new Date(until).toISOString() }),
      onlyParked: status === 'PARKED',
      limit: capOf(request),
    };
    return this.request(caller, which, { reason, dryRun });
  }

  /** A misspelt name or an empty time range would otherwise look like nothing to resend. */
  private async mustMeanSomething({ endpoint, since, until }: ResendFilter): Promise<void> {
    const errors: FieldFault[] = [];
    if (endpoint !== undefined && !(await this.resends.hasEndpoint(endpoint)))
      errors.push({ field: 'endpoint', rule: 'must be the name of an endpoint' });
    if (since !== undefined && until !== undefined && since >= until)
      errors.push({ field: 'until', rule: 'must be later than since' });
    if (errors.length > 0) throw refuse('INVALID_REQUEST', { errors });
  }

  private async request(
    caller: Caller,
    which: ResendFilter,
    { reason, dryRun }: { readonly reason: string; readonly dryRun: boolean },
  ): Promise<ResentEventsDto & { readonly approval?: Approval }> {
    await this.mustMeanSomething(which);
    const by = { origin: caller.origin, actor: actorOf(caller), reason };
    const found = await this.resends.find({ ...which, limit: which.limit + 1 });
    const chosen = found.slice(0, which.limit);
    const ids = chosen.map(({ deliveryId }) => deliveryId);
    const needsApproval = this.proposals.isNeeded('resend-events', ids.length);
    const report = {
      dryRun,
      needsApproval,
      hasMore: found.length > which.limit,
      requested: 0,
      deliveries: chosen.map(({ eventId, endpoint }) => ({ eventId, endpoint })),
    };
    if (!dryRun && needsApproval) {
      const effect = `${ids.length} events are sent again, the same bytes under the same ids.`;
      const proposal = { action: 'resend-events', targets: ids, effect, reason } as const;
      const approval = await this.proposals.propose(caller, proposal);
      return { ...report, ...(approval && { approval }) };
    }
    if (!dryRun) return { ...report, requested: await this.requestDeliveries(ids, by) };
    this.log.event('event.resend_requested', { ...by, found: ids.length, requested: 0, dryRun });
    return report;
  }

  /**
   * Leaves out deliveries that are already pending.
   *
   * @returns how many are due now
   */
  async requestDeliveries(
    deliveryIds: readonly string[],
    by: { readonly origin: Origin; readonly actor: string; readonly reason: string },
  ): Promise<number> {
    const { actor, reason } = by;
    const tryForMs = this.settings.giveUpHours * HOUR_MS;
    const requested =
      deliveryIds.length === 0 ? [] : await this.resends.request(deliveryIds, { actor, reason, tryForMs });
    // The rows are due already; while the queue is down the sweeper finds them.
    if (requested.length > 0) await this.queues.poke(WORK.events);
    const counts = { found: deliveryIds.length, requested: requested.length };
    this.log.event('event.resend_requested', { ...by, ...counts, dryRun: false });
    return requested.length;
  }
}

import { Injectable } from '@nestjs/common';
import { OperatorActStore, type Answerable } from '../payment-order/operator/operator-act.store.js';
import { RedeliveryStore, type RequestedRedelivery } from '../payment-order/notification/redelivery.store.js';
import { WORK } from '../payment-order/order/work.js';
import type { Caller } from '../platform/auth/caller.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { actorOf } from './actor-of.js';
import { redeliverMany, type BulkReport } from './bulk-redelivery.js';
import type { RedeliverManyDto } from './dto/redelivery.dto.js';
import { refuse } from './operations.problems.js';

/** An operator wants a result told again: the same notification, never a second one. */
@Injectable()
export class RedeliveryService {
  constructor(
    private readonly redeliveries: RedeliveryStore,
    private readonly acts: OperatorActStore,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
  ) {}

  async one(caller: Caller, paymentId: string, reason: string): Promise<Record<string, unknown>> {
    const answerable = { actor: actorOf(caller), reason };
    const requested = await this.request(paymentId, answerable);
    if (!requested) throw await this.refusal(paymentId, answerable);
    this.log.event('notification.redelivery_requested', {
      requestId: caller.requestId,
      paymentId,
      ...answerable,
    });
    return requestedView(requested);
  }

  /** Undefined when there is nothing to tell, or it is acknowledged. */
  async request(paymentId: string, { actor, reason }: Answerable): Promise<RequestedRedelivery | undefined> {
    const [requested] = await this.redeliveries.request({ paymentIds: [paymentId], actor, reason });
    // The row is due already; while the queue is away the sweeper finds it.
    if (requested) await this.queues.poke(WORK.notify);
    return requested;
  }

  async many(caller: Caller, { dryRun = true, ...wish }: RedeliverManyDto): Promise<BulkReport> {
    const actor = actorOf(caller);
    const report = await redeliverMany(this.redeliveries, { ...wish, dryRun, actor });
    if (report.requested.length > 0) await this.queues.poke(WORK.notify);
    this.log.event('notification.redelivery_requested', {
      requestId: caller.requestId,
      found: report.found.length,
      requested: report.requested.length,
      dryRun,
      actor,
      reason: wish.reason,
    });
    return report;
  }

  private async refusal(paymentId: string, answerable: Answerable): Promise<Error> {
    const before = await this.redeliveries.standing(paymentId);
    if (before === undefined) return refuse('NOT_FOUND');
    const refusal = refuse(before.notification === undefined ? 'RESULT_NOT_FINAL' : 'ALREADY_DELIVERED');
    const outcome = before.notification === undefined ? 'REFUSED' : 'UNCHANGED';
    const why = refusal.problem.detail ?? refusal.problem.code;
    await this.acts.record({ paymentId, act: 'redeliver', ...answerable }, { outcome, why, before });
    return refusal;
  }
}

function requestedView(requested: RequestedRedelivery): Record<string, unknown> {
  return {
    paymentId: requested.paymentId,
    notification: {
      status: 'PENDING',
      wasStatus: requested.wasStatus,
      tries: requested.tries,
      givesUpAt: requested.givesUpAt.toISOString(),
    },
  };
}

import { Injectable } from '@nestjs/common';
import { RedeliveryStore } from '../../payment-order/notification/redelivery.store.js';
import { WORK } from '../../payment-order/order/work.js';
import type { Caller } from '../../platform/auth/caller.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { WorkQueues } from '../../platform/queues/work-queues.js';
import { actRefusal, ActsService } from '../acts/acts.service.js';
import { refuse } from '../operations.problems.js';
import { actorOf } from '../operator.js';
import { redeliverMany, type BulkReport } from './bulk-redelivery.js';
import type { RedeliverManyDto, RedeliveryDto } from './redelivery.dto.js';
import type { PaymentId } from '../../payment-order/order/ids.js';

/** The words of this address for two causes of the act. */
const REFUSALS = { NOT_FINAL: 'RESULT_NOT_FINAL', ALREADY_DELIVERED: 'ALREADY_DELIVERED' } as const;

/** Sends results again: each is the same notification, never a second one. */
@Injectable()
export class RedeliveryService {
  constructor(
    private readonly acts: ActsService,
    private readonly redeliveries: RedeliveryStore,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
  ) {}

  /** The operator act `redeliver`, with the answers its own address has always given. */
  async one(caller: Caller, paymentId: PaymentId, reason: string): Promise<RedeliveryDto> {
    const ending = await this.acts.carryOut(caller, paymentId, { act: 'redeliver', reason, dryRun: false });
    const { outcome, report, before, after } = ending;
    if (report.cause === 'NOT_FINAL' || report.cause === 'ALREADY_DELIVERED') {
      throw refuse(REFUSALS[report.cause]);
    }
    if (outcome === 'refused' || !before.notification || !after?.notification) throw actRefusal(ending);
    return {
      paymentId,
      notification: {
        status: 'PENDING',
        wasStatus: before.notification.status,
        tries: before.notification.tries,
        givesUpAt: after.notification.givesUpAt.toISOString(),
      },
    };
  }

  async many(caller: Caller, { dryRun = true, ...request }: RedeliverManyDto): Promise<BulkReport> {
    const actor = actorOf(caller);
    const report = await redeliverMany(this.redeliveries, { ...request, dryRun, actor });
    // The rows are due already; while the queue is away the sweeper finds them.
    if (report.requested.length > 0) await this.queues.poke(WORK.notify);
    this.log.event('notification.redelivery_requested', {
      requestId: caller.requestId,
      found: report.found.length,
      requested: report.requested.length,
      dryRun,
      actor,
      reason: request.reason,
    });
    return report;
  }
}

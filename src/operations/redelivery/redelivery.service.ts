import type { Origin } from '../../platform/tracing/origin.js';
import { Injectable } from '@nestjs/common';
import type { Approval } from '../../payment-order/operator/approval.store.js';
import { RedeliveryStore } from '../../payment-order/notification/redelivery.store.js';
import { WORK } from '../../payment-order/order/work.js';
import type { Caller } from '../../platform/auth/caller.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { WorkQueues } from '../../platform/queues/work-queues.js';
import { actRefusal, ActsService } from '../acts/acts.service.js';
import { Proposals } from '../approvals/proposals.js';
import { refuse } from '../operations.problems.js';
import { actorOf } from '../operator.js';
import { findRedeliveries, type BulkReport } from './bulk-redelivery.js';
import type { RedeliverManyDto, RedeliveryDto } from './redelivery.dto.js';
import type { PaymentId } from '../../payment-order/order/ids.js';

/** Who wants results resent, and why. */
export interface RequestedBy {
  readonly origin: Origin;
  readonly actor: string;
  readonly reason: string;
}

/** The problem codes of this endpoint for two causes of the act. */
const REFUSALS = { NOT_FINAL: 'RESULT_NOT_FINAL', ALREADY_DELIVERED: 'ALREADY_DELIVERED' } as const;

/** Resends results: always the same notification, never a second one. */
@Injectable()
export class RedeliveryService {
  constructor(
    private readonly acts: ActsService,
    private readonly redeliveries: RedeliveryStore,
    private readonly queues: WorkQueues,
    private readonly proposals: Proposals,
    private readonly log: EventLog,
  ) {}

  /** The operator act `redeliver`, with the problem codes that this endpoint has always had. */
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

  /** @returns the proposal when so many need a second person */
  async many(
    caller: Caller,
    { dryRun = true, ...request }: RedeliverManyDto,
  ): Promise<BulkReport & { readonly approval?: Approval }> {
    const by = { origin: caller.origin, actor: actorOf(caller), reason: request.reason };
    const report = await findRedeliveries(this.redeliveries, request);
    const paymentIds = report.found.map(({ paymentId }) => paymentId);
    const needsApproval = this.needsApproval(paymentIds.length);
    if (!dryRun && needsApproval) {
      const approval = await this.propose(caller, paymentIds, request.reason);
      return { ...report, dryRun, needsApproval, requested: 0, ...(approval && { approval }) };
    }
    if (dryRun) this.tell(by, { found: paymentIds.length, requested: 0, dryRun });
    const requested = dryRun ? 0 : await this.request(paymentIds, by);
    return { ...report, dryRun, needsApproval, requested };
  }

  needsApproval(count: number): boolean {
    return this.proposals.isNeeded('redeliver-many', count);
  }

  propose(caller: Caller, paymentIds: readonly PaymentId[], reason: string): Promise<Approval | undefined> {
    const effect = `The same bytes of ${paymentIds.length} results are sent again. No money moves.`;
    return this.proposals.propose(caller, { action: 'redeliver-many', targets: paymentIds, effect, reason });
  }

  /**
   * Leaves out those that are delivered by now.
   *
   * @returns how many are due now
   */
  async request(paymentIds: readonly PaymentId[], by: RequestedBy): Promise<number> {
    const { actor, reason } = by;
    const requested =
      paymentIds.length === 0 ? [] : await this.redeliveries.request({ paymentIds, actor, reason });
    // The rows are due already; while the queue is down the sweeper finds them.
    if (requested.length > 0) await this.queues.poke(WORK.notify);
    this.tell(by, { found: paymentIds.length, requested: requested.length, dryRun: false });
    return requested.length;
  }

  private tell(
    by: RequestedBy,
    counts: { readonly found: number; readonly requested: number; readonly dryRun: boolean },
  ): void {
    this.log.event('notification.redelivery_requested', { ...by, ...counts });
  }
}

import { Injectable } from '@nestjs/common';
import { maybeSamePerson } from '../../payment-order/operator/approval.js';
import {
  ApprovalStore,
  type Approval,
  type ApprovalFilter,
} from '../../payment-order/operator/approval.store.js';
import { isOperatorAct } from '../../payment-order/operator/operator-action.js';
import type { Caller } from '../../platform/auth/caller.js';
import type { ProblemError } from '../../platform/http/problem.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { ActsService } from '../acts/acts.service.js';
import { OperatorEvents } from '../events/events.service.js';
import { refuse } from '../operations.problems.js';
import { personOf } from '../operator.js';
import { RedeliveryService } from '../redelivery/redelivery.service.js';

const MOST_APPROVALS = 200;

export type Decision = 'APPROVED' | 'REJECTED';

/** The decision of the second person, made once. What was approved is then done by the rules of that moment. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly store: ApprovalStore,
    private readonly acts: ActsService,
    private readonly redeliveries: RedeliveryService,
    private readonly events: OperatorEvents,
    private readonly log: EventLog,
  ) {}

  list(filter: Omit<ApprovalFilter, 'limit'>): Promise<Approval[]> {
    return this.store.list({ ...filter, limit: MOST_APPROVALS });
  }

  async one(approvalId: string): Promise<Approval> {
    const approval = await this.store.find(approvalId);
    if (!approval) throw refuse('NOT_FOUND');
    return approval;
  }

  async decide(caller: Caller, approvalId: string, decision: Decision, reason: string): Promise<Approval> {
    const approval = await this.one(approvalId);
    const person = personOf(caller);
    if (maybeSamePerson(approval.proposer, person)) throw refuse('SECOND_PERSON_NEEDED');
    if (!(await this.store.decide(approvalId, decision, person, reason)))
      throw undecided(await this.one(approvalId));
    const { action, paymentId, proposer } = approval;
    const { origin } = caller;
    const who = { proposedBy: proposer.actor, actor: person.actor };
    this.log.event('operator.decided', {
      origin,
      approvalId,
      action,
      paymentId,
      decision,
      ...who,
      reason,
    });
    if (decision === 'APPROVED') {
      // An error or a kill in here leaves it approved and without an end: it cannot be done a second time.
      const why = await this.carryOut(caller, approval, `${proposer.actor}, approved by ${person.actor}`);
      await this.store.end(approvalId, why);
    }
    return this.one(approvalId);
  }

  /** @returns why nothing was changed */
  private async carryOut(caller: Caller, approval: Approval, actor: string): Promise<string | undefined> {
    const { action, paymentId, targets, reason } = approval;
    const by = { origin: caller.origin, actor, reason };
    if (isOperatorAct(action)) {
      const request = { act: action, reason, dryRun: false, approvedActor: actor };
      const { report } = await this.acts.carryOut(caller, paymentId ?? '', request);
      return report.changed ? undefined : report.why;
    }
    const count =
      action === 'redeliver-many'
        ? await this.redeliveries.request(targets, by)
        : await this.events.requestDeliveries(targets, by);
    return count > 0 ? undefined : 'Everything that was meant has been sent or is being sent.';
  }
}

/** Why a decision had no effect. */
function undecided({ status, approvalId }: Approval): ProblemError {
  const extra = { approvalId, approvalStatus: status };
  if (status === 'EXPIRED') return refuse('APPROVAL_EXPIRED', { extra });
  if (status === 'STALE') return refuse('APPROVAL_STALE', { extra });
  return refuse('APPROVAL_DECIDED', { extra });
}

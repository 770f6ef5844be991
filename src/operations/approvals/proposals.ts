import { Injectable } from '@nestjs/common';
import type { Approvable } from '../../payment-order/operator/approval.js';
import { isOperatorAct } from '../../payment-order/operator/operator-action.js';
import { ApprovalStore, type Approval, type Proposal } from '../../payment-order/operator/approval.store.js';
import type { Caller } from '../../platform/auth/caller.js';
import { RuntimeSettings } from '../../platform/config/runtime.settings.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { actWeight } from '../acts/operator-acts.js';
import { personOf } from '../operator.js';
import { ApprovalSettings, type ApprovalRule } from './approval.settings.js';

const MINUTE_MS = 60_000;
/** The most open proposals for one payment. */
const MOST_OPEN = 50;

export type ProposalRequest = Omit<Proposal, 'by' | 'validMs'>;

/** Says which acts need a second person, and keeps a proposal until that person decides. */
@Injectable()
export class Proposals {
  private readonly rule: ApprovalRule;

  constructor(
    private readonly store: ApprovalStore,
    private readonly settings: ApprovalSettings,
    runtime: RuntimeSettings,
    private readonly log: EventLog,
  ) {
    const isReal = runtime.isProduction && !runtime.allowEmbedded;
    this.rule = settings.required ?? (isReal ? 'all' : 'none');
  }

  /** @param count how many results or events would be sent */
  isNeeded(action: Approvable, count = 1): boolean {
    if (this.rule === 'none') return false;
    const weight = isOperatorAct(action) ? actWeight(action) : 'resend';
    if (weight === 'resend') return this.rule === 'all' && count > this.settings.resendLimit;
    return weight === 'money';
  }

  /**
   * A repeated request of the same person gives the same proposal.
   *
   * @returns undefined when the payment has changed since it was judged
   */
  async propose(caller: Caller, request: ProposalRequest): Promise<Approval | undefined> {
    const by = personOf(caller);
    const { action, payment, targets, reason } = request;
    const paymentId = payment?.paymentId;
    if (paymentId !== undefined) {
      const open = await this.store.list({ paymentId, onlyOpen: true, limit: MOST_OPEN });
      const same = open.find((one) => one.action === action && one.proposer.actor === by.actor);
      if (same) return same;
    }
    const validMs = this.settings.validMinutes * MINUTE_MS;
    const approvalId = await this.store.propose({ ...request, by, validMs });
    if (approvalId === undefined) return undefined;
    this.log.event('operator.proposed', {
      origin: caller.origin,
      approvalId,
      action,
      paymentId,
      count: targets.length,
      actor: by.actor,
      reason,
    });
    return this.store.find(approvalId);
  }

  /** The proposals for one payment, newest first. */
  ofPayment(paymentId: string): Promise<Approval[]> {
    return this.store.list({ paymentId, onlyOpen: false, limit: MOST_OPEN });
  }
}

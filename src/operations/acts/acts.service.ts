import { Injectable } from '@nestjs/common';
import { DecodePolicy } from '../../decode/decode-policy.js';
import { OPERATOR_ACTS, type OperatorAct } from '../../payment-order/operator/operator-action.js';
import type { Approval } from '../../payment-order/operator/approval.store.js';
import { OperatorActStore, type ActEnd } from '../../payment-order/operator/operator-act.store.js';
import type { Caller } from '../../platform/auth/caller.js';
import { EventLog } from '../../platform/logging/event-log.js';
import type { ProblemError } from '../../platform/http/problem.js';
import { refuse } from '../operations.problems.js';
import { actorOf } from '../operator.js';
import { axesOf, currentDebit, type PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { PaymentSnapshots } from '../snapshot/payment-snapshots.js';
import { Proposals } from '../approvals/proposals.js';
import { ActTools, type RequestedAct } from './act-tools.js';
import type { ActReportDto, ActsPreviewDto } from './act.dto.js';
import type { ActVerdict } from './act-verdict.js';
import { carryOutAct, judgeAct } from './operator-acts.js';
import type { PaymentId } from '../../payment-order/order/ids.js';

export interface ActRequest {
  readonly act: OperatorAct;
  readonly reason: string;
  /** Only reports the effect; changes nothing. */
  readonly dryRun: boolean;
  /** The names of both persons, when a second one has approved it. */
  readonly approvedActor?: string;
}

/** The outcome of an act, and the payment as it was read before and after it. */
export interface ActEnding {
  /** `proposed`: nothing was done yet; the act waits for a second person. */
  readonly outcome: 'accepted' | 'refused' | 'proposed';
  readonly report: ActReportDto;
  readonly before: PaymentSnapshot;
  readonly after?: PaymentSnapshot;
  readonly approval?: Approval;
}

type Unchanged = Exclude<ActVerdict, { readonly verdict: 'possible' }>;

/** How often an act is tried when something else moves the payment first. */
const LOOKS = 3;

const MOVED: Unchanged = {
  verdict: 'refused',
  cause: 'MOVED_MEANWHILE',
  why: 'The payment changed in the meantime. Read it again.',
};

/** The acts of operators on a payment: previewed, done once, and recorded with who, when and why. */
@Injectable()
export class ActsService {
  constructor(
    private readonly snapshots: PaymentSnapshots,
    private readonly tools: ActTools,
    private readonly store: OperatorActStore,
    private readonly policy: DecodePolicy,
    private readonly proposals: Proposals,
    private readonly log: EventLog,
  ) {}

  async preview(paymentId: PaymentId): Promise<ActsPreviewDto> {
    const snapshot = await this.look(paymentId);
    return {
      paymentId,
      readAt: snapshot.readAt,
      state: axesOf(snapshot),
      acts: OPERATOR_ACTS.map((act) => ({
        act,
        ...this.judge(act, snapshot),
        needsApproval: this.proposals.isNeeded(act),
        call: { method: 'POST', path: `/v1/operations/payments/${paymentId}/acts/${act}` },
      })),
    };
  }

  /** The effect that one act would have on a payment as it was read. */
  judge(act: OperatorAct, snapshot: PaymentSnapshot): ActVerdict {
    return judgeAct(act, snapshot, this.policy.rules);
  }

  /**
   * Does an act, or reports its effect in a dry run.
   *
   * @throws ProblemError when it is refused, in a dry run too; an act that changes nothing is reported with the reason
   */
  async perform(caller: Caller, paymentId: PaymentId, request: ActRequest): Promise<ActEnding> {
    const end = await this.carryOut(caller, paymentId, request);
    if (end.outcome === 'refused') throw actRefusal(end);
    return end;
  }

  /** The only way to do an act: judge it, propose it if it needs a second person, do it, record it, log it. */
  async carryOut(caller: Caller, paymentId: PaymentId, request: ActRequest): Promise<ActEnding> {
    const { origin } = caller;
    const { act, reason, dryRun, approvedActor } = request;
    const action = { origin, paymentId, actor: approvedActor ?? actorOf(caller), act, reason };
    const needsApproval = approvedActor === undefined && this.proposals.isNeeded(act);
    for (let look = 1; ; look += 1) {
      const snapshot = await this.look(paymentId);
      const verdict = look > LOOKS ? MOVED : this.judge(act, snapshot);
      if (verdict.verdict !== 'possible') return this.unchanged(action, request, snapshot, verdict);
      const report = {
        paymentId,
        act,
        dryRun,
        effect: verdict.effect,
        before: axesOf(snapshot),
        needsApproval,
      };
      const unchanged = { report: { ...report, changed: false }, before: snapshot };
      if (dryRun) return { outcome: 'accepted', ...unchanged };
      if (needsApproval) {
        const { effect } = verdict;
        const proposal = { action: act, payment: snapshot.order, targets: [], effect, reason };
        const approval = await this.proposals.propose(caller, proposal);
        if (approval) return { outcome: 'proposed', ...unchanged, approval };
        continue;
      }
      if (await carryOutAct(this.tools, snapshot, action)) return this.done(action, report, snapshot);
    }
  }

  private async look(paymentId: PaymentId): Promise<PaymentSnapshot> {
    const snapshot = await this.snapshots.find(paymentId);
    if (!snapshot) throw refuse('NOT_FOUND');
    return snapshot;
  }

  private async unchanged(
    action: RequestedAct,
    { act, dryRun }: ActRequest,
    snapshot: PaymentSnapshot,
    { verdict, cause, why }: Unchanged,
  ): Promise<ActEnding> {
    const before = axesOf(snapshot);
    const isRefused = verdict === 'refused';
    if (!dryRun) await this.keep(action, { outcome: isRefused ? 'REFUSED' : 'UNCHANGED', why, before });
    const after = dryRun ? {} : { after: before };
    const { paymentId } = action;
    const needsApproval = this.proposals.isNeeded(act);
    const report = { paymentId, act, dryRun, needsApproval, changed: false, cause, why, before, ...after };
    return { outcome: isRefused ? 'refused' : 'accepted', report, before: snapshot };
  }

  private async done(
    action: RequestedAct,
    report: Omit<ActReportDto, 'changed'>,
    snapshot: PaymentSnapshot,
  ): Promise<ActEnding> {
    const now = await this.look(action.paymentId);
    const after = axesOf(now);
    const ending = { outcome: 'accepted', before: snapshot, after: now } as const;
    if (action.act !== 'ask-ledger') {
      this.tell(action, 'DONE');
      return { ...ending, report: { ...report, changed: true, after } };
    }
    const silence = silenceOf(now);
    const { before } = report;
    await this.keep(
      action,
      silence
        ? { outcome: 'UNCHANGED', why: silence.why, before, after }
        : { outcome: 'DONE', before, after },
    );
    return { ...ending, report: { ...report, changed: silence === undefined, ...silence, after } };
  }

  private async keep(action: RequestedAct, end: ActEnd): Promise<void> {
    await this.store.record(action, end);
    this.tell(action, end.outcome);
  }

  private tell({ origin, paymentId, act, actor, reason }: RequestedAct, outcome: ActEnd['outcome']): void {
    this.log.event('operator.acted', { origin, paymentId, act, outcome, actor, reason });
  }
}

/** The problem that answers a refused act. */
export function actRefusal({ report }: ActEnding): ProblemError {
  const { act, cause, why, dryRun, before } = report;
  const extra = { act, dryRun, state: before, ...(cause && { cause }) };
  return refuse('ACT_NOT_POSSIBLE', { extra, ...(why !== undefined && { detail: why }) });
}

/** Undefined when the ledger has answered; a debit in doubt still waits for its answer. */
function silenceOf(snapshot: PaymentSnapshot): Required<Pick<ActReportDto, 'cause' | 'why'>> | undefined {
  const debit = currentDebit(snapshot);
  if (debit?.nextAttemptAt === undefined) return undefined;
  if (debit.leaseUntil && debit.leaseUntil > snapshot.readAt) {
    return { cause: 'IN_HAND', why: 'The ledger is being asked at this moment.' };
  }
  const reason = debit.unknownReason === undefined ? '' : ` (${debit.unknownReason})`;
  return {
    cause: 'LEDGER_STILL_SILENT',
    why: `The ledger was asked and did not say${reason}. It is asked again by itself.`,
  };
}

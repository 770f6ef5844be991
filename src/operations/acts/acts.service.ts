import { Injectable } from '@nestjs/common';
import { DecodePolicy } from '../../decode/decode-policy.js';
import { OPERATOR_ACTS, type OperatorAct } from '../../payment-order/operator/operator-action.js';
import { OperatorActStore, type ActEnd } from '../../payment-order/operator/operator-act.store.js';
import type { Caller } from '../../platform/auth/caller.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { actorOf } from '../actor-of.js';
import { refuse } from '../operations.problems.js';
import { axesOf, currentDebit, type PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { PaymentSnapshots } from '../snapshot/payment-snapshots.js';
import { ActDeeds } from './act-deeds.js';
import type { ActReport, ActsPreview, ActWish, RequestedAct } from './act-report.js';
import type { ActVerdict } from './act-verdict.js';
import { judgeAct } from './judge-act.js';

type Unchanged = Exclude<ActVerdict, { readonly verdict: 'possible' }>;

/** An act that lost its race to another move of the payment looks again this often. */
const LOOKS = 3;

const MOVED: Unchanged = {
  verdict: 'refused',
  cause: 'MOVED_MEANWHILE',
  why: 'The payment moved while this was about to be done. Look at it again.',
};

/** What operators do to a payment: said beforehand, done once, and written down with who, when and why. */
@Injectable()
export class ActsService {
  constructor(
    private readonly snapshots: PaymentSnapshots,
    private readonly deeds: ActDeeds,
    private readonly store: OperatorActStore,
    private readonly policy: DecodePolicy,
    private readonly log: EventLog,
  ) {}

  async preview(paymentId: string): Promise<ActsPreview> {
    const snapshot = await this.look(paymentId);
    return {
      paymentId,
      readAt: snapshot.readAt,
      state: axesOf(snapshot),
      acts: OPERATOR_ACTS.map((act) => ({
        act,
        ...this.judge(act, snapshot),
        call: { method: 'POST', path: `/v1/operations/payments/${paymentId}/acts/${act}` },
      })),
    };
  }

  /** What one act would do to a payment as it was read. */
  judge(act: OperatorAct, snapshot: PaymentSnapshot): ActVerdict {
    return judgeAct(act, snapshot, this.policy.rules);
  }

  /** A refusal is a problem, of a dry run too; an act that changed nothing says so and why. */
  async perform(caller: Caller, paymentId: string, wish: ActWish): Promise<ActReport> {
    const { requestId } = caller;
    const action = { requestId, paymentId, actor: actorOf(caller), act: wish.act, reason: wish.reason };
    for (let look = 1; ; look += 1) {
      const snapshot = await this.look(paymentId);
      const verdict = look > LOOKS ? MOVED : this.judge(wish.act, snapshot);
      if (verdict.verdict !== 'possible') return this.unchanged(action, wish, snapshot, verdict);
      const report = {
        paymentId,
        act: wish.act,
        dryRun: wish.dryRun,
        effect: verdict.effect,
        before: axesOf(snapshot),
      };
      if (wish.dryRun) return { ...report, changed: false };
      if (await this.deeds.carryOut(wish.act, snapshot, action)) return this.done(action, report);
    }
  }

  private async look(paymentId: string): Promise<PaymentSnapshot> {
    const snapshot = await this.snapshots.find(paymentId);
    if (!snapshot) throw refuse('NOT_FOUND');
    return snapshot;
  }

  private async unchanged(
    action: RequestedAct,
    { act, dryRun }: ActWish,
    snapshot: PaymentSnapshot,
    { verdict, cause, why }: Unchanged,
  ): Promise<ActReport> {
    const before = axesOf(snapshot);
    const isRefused = verdict === 'refused';
    if (!dryRun) await this.keep(action, { outcome: isRefused ? 'REFUSED' : 'UNCHANGED', why, before });
    if (isRefused) {
      throw refuse('ACT_NOT_POSSIBLE', { detail: why, extra: { act, cause, dryRun, state: before } });
    }
    const after = dryRun ? {} : { after: before };
    return { paymentId: action.paymentId, act, dryRun, changed: false, cause, why, before, ...after };
  }

  private async done(action: RequestedAct, report: Omit<ActReport, 'changed'>): Promise<ActReport> {
    const snapshot = await this.look(action.paymentId);
    const after = axesOf(snapshot);
    if (action.act !== 'ask-ledger') {
      this.tell(action, 'DONE');
      return { ...report, changed: true, after };
    }
    const silence = silenceOf(snapshot);
    const { before } = report;
    await this.keep(
      action,
      silence
        ? { outcome: 'UNCHANGED', why: silence.why, before, after }
        : { outcome: 'DONE', before, after },
    );
    return { ...report, changed: silence === undefined, ...silence, after };
  }

  private async keep(action: RequestedAct, end: ActEnd): Promise<void> {
    await this.store.record(action, end);
    this.tell(action, end.outcome);
  }

  private tell({ requestId, paymentId, act, actor, reason }: RequestedAct, outcome: ActEnd['outcome']): void {
    this.log.event('operator.acted', { requestId, paymentId, act, outcome, actor, reason });
  }
}

/** Undefined when the ledger has said; a debit that waits for its answer still waits. */
function silenceOf(snapshot: PaymentSnapshot): Required<Pick<ActReport, 'cause' | 'why'>> | undefined {
  const debit = currentDebit(snapshot);
  if (debit?.nextAttemptAt === undefined) return undefined;
  if (debit.leaseUntil && debit.leaseUntil > snapshot.readAt) {
    return { cause: 'IN_HAND', why: 'Somebody else is asking the ledger at this moment.' };
  }
  const reason = debit.unknownReason === undefined ? '' : ` (${debit.unknownReason})`;
  return {
    cause: 'LEDGER_STILL_SILENT',
    why: `The ledger was asked and did not say${reason}. It is asked again by itself.`,
  };
}

import { OPERATOR_ACTS } from '../../payment-order/operator/operator-action.js';
import type { ActRules } from '../acts/act-verdict.js';
import { judgeAct } from '../acts/operator-acts.js';
import { axesOf, type PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { contradictionsOf } from '../snapshot/contradictions.js';
import { evidenceOf } from './evidence.js';
import type { ExplanationDto } from './explanation.dto.js';
import { nextStepsOf } from './next-steps.js';
import { standingOf } from './standing.js';
import { temptationsOf } from './temptations.js';

/**
 * Everything an operator asks about one payment, computed from its rows and the transition table. About rows that
 * contradict each other nothing is promised: no step, and no act.
 */
export function explainPayment(snapshot: PaymentSnapshot, rules: ActRules): ExplanationDto {
  const contradictions = contradictionsOf(snapshot);
  const isSound = contradictions.length === 0;
  return {
    paymentId: snapshot.order.paymentId,
    readAt: snapshot.readAt,
    state: axesOf(snapshot),
    standing: isSound ? standingOf(snapshot) : contradictory(contradictions),
    evidence: evidenceOf(snapshot),
    next: isSound ? nextStepsOf(snapshot, rules) : [],
    ...actsOf(snapshot, rules),
    contradictions,
  };
}

function contradictory(contradictions: readonly string[]): string {
  return `The rows contradict each other, so nothing can be promised. ${contradictions.join(' ')}`;
}

function actsOf(
  snapshot: PaymentSnapshot,
  rules: ActRules,
): Pick<ExplanationDto, 'mayDo' | 'needless' | 'mustNot'> {
  const verdicts = OPERATOR_ACTS.map((act) => ({ act, ...judgeAct(act, snapshot, rules) }));
  return {
    mayDo: verdicts.flatMap((one) =>
      one.verdict === 'possible' ? [{ act: one.act, effect: one.effect }] : [],
    ),
    needless: verdicts.flatMap((one) =>
      one.verdict === 'needless' ? [{ act: one.act, cause: one.cause, why: one.why }] : [],
    ),
    mustNot: [
      ...verdicts.flatMap((one) =>
        one.verdict === 'refused' ? [{ act: one.act, cause: one.cause, why: one.why }] : [],
      ),
      ...temptationsOf(snapshot),
    ],
  };
}

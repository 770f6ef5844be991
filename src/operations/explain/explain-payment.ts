import type { NotificationStatus } from '../../payment-order/order/payment-status.js';
import { OPERATOR_ACTS } from '../../payment-order/operator/operator-action.js';
import type { ActRules } from '../acts/act-verdict.js';
import { judgeAct } from '../acts/operator-acts.js';
import { axesOf, currentDebit, type PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { contradictionsOf } from '../snapshot/contradictions.js';
import { evidenceOf } from './evidence.js';
import type { ExplanationDto } from './explanation.dto.js';
import { nextStepsOf } from './next-steps.js';
import { standingOf } from './standing.js';

/**
 * Explains one payment to an operator, from its rows and the transition table. For rows that contradict each other it
 * promises nothing: no step, and no act.
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

type Temptation = ExplanationDto['mustNot'][number];

/** Actions outside the service that a person might try because the payment looks stuck, and the harm each would do. */
function temptationsOf(snapshot: PaymentSnapshot): Temptation[] {
  const { order, notification } = snapshot;
  const debit = currentDebit(snapshot)?.status;
  const temptations: Temptation[] = [];
  if (order.status === 'DEBITING') temptations.push(...IN_DOUBT);
  if (order.status === 'PAID') {
    const why =
      'The merchant would keep the money while the payer gets it back. Only Alipay+ undoes a payment, by cancelPayment or refund.';
    temptations.push({ act: 'refund-by-hand', why });
  }
  if (debit === 'REVERSING' || debit === 'REVERSED') {
    const why =
      'The ledger gives the money back under the key of the debit; given back by hand it would go back twice.';
    temptations.push({ act: 'refund-by-hand', why });
  }
  if (notification && UNTOLD.includes(notification.status)) {
    const why =
      'Alipay+ compares every repetition with the first: a changed result would be refused as inconsistent.';
    temptations.push({ act: 'change-rows', why });
  }
  return temptations;
}

const UNTOLD: readonly NotificationStatus[] = ['PARKED', 'REJECTED'];

const IN_DOUBT: readonly Temptation[] = [
  {
    act: 'debit-again',
    why: 'The ledger may have taken the money already. Asked again under the same key it takes it once; anything else may take it twice.',
  },
  {
    act: 'tell-payer-it-failed',
    why: 'Not known is not failed. When the ledger says that it took the money, the order is paid.',
  },
  { act: 'pay-anew', why: 'A payer who pays by another code meanwhile may have paid twice.' },
];

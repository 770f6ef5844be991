import {
  TRANSITIONS,
  type PaymentEvent,
  type PaymentStatus,
} from '../../payment-order/order/payment-status.js';
import { judgeAct } from '../acts/operator-acts.js';
import type { ActRules } from '../acts/act-verdict.js';
import { reversalWindowOf } from '../snapshot/reversal-window.js';
import { currentDebit, unsettledRefunds, type PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import type { NextStepDto } from './explanation.dto.js';
import { confirmableUntil, isInHand, isOver, isQuoteDead } from './moments.js';

type Step = Omit<NextStepDto, 'leadsTo'>;

/** The next steps: every move that the transition table has for the order now, then all else that is due. */
export function nextStepsOf(snapshot: PaymentSnapshot, rules: ActRules): NextStepDto[] {
  return [
    ...movesOf(snapshot, rules),
    ...reversalOf(snapshot),
    ...refundsOf(snapshot),
    ...windowOf(snapshot),
    ...tellingOf(snapshot),
  ].toSorted((one, other) => timeOf(one) - timeOf(other));
}

function timeOf({ at }: NextStepDto): number {
  return at ? at.getTime() : Number.MAX_SAFE_INTEGER;
}

function movesOf(snapshot: PaymentSnapshot, rules: ActRules): NextStepDto[] {
  const moves: [string, PaymentStatus][] = Object.entries(TRANSITIONS[snapshot.order.status]);
  return moves.flatMap(([event, leadsTo]) => {
    const step = isListed(event) ? STEPS[event](snapshot, rules) : undefined;
    return step ? [{ ...step, leadsTo }] : [];
  });
}

function isListed(event: string): event is PaymentEvent {
  return Object.hasOwn(STEPS, event);
}

/** Typed over the events, so that a new event does not compile until it is placed here. Undefined: not possible now. */
const STEPS: Readonly<
  Record<PaymentEvent, (snapshot: PaymentSnapshot, rules: ActRules) => Step | undefined>
> = {
  CONFIRMED: (snapshot) =>
    isConfirmable(snapshot)
      ? {
          what: 'If the payer confirms, the ledger is asked for the money.',
          by: 'payer',
          until: confirmableUntil(snapshot),
        }
      : undefined,
  LEDGER_ASKED: ({ order }) =>
    order.askLedger
      ? {
          what: 'Before the order ends, the ledger is asked whether it was paid in records that are lost.',
          by: 'service',
        }
      : undefined,
  DECLINED: ({ order }) =>
    order.cancelRequestedAt
      ? undefined
      : { what: 'If the payer declines, the order is over.', by: 'payer', until: order.expiresAt },
  EXPIRED: ({ order }) =>
    order.cancelRequestedAt
      ? undefined
      : {
          what: 'When the time is over, the order expires and Alipay+ is notified.',
          by: 'service',
          at: order.expiresAt,
        },
  RELEASED: (snapshot, rules) => {
    const verdict = judgeAct('release', snapshot, rules);
    return verdict.verdict === 'possible'
      ? { what: 'An operator may release it.', by: 'operator' }
      : undefined;
  },
  // An unpayable order ends as it is decoded; one that is still held is waiting for something else.
  UNPAYABLE: () => undefined,
  DEBITED: ifLedger('took the money, the order is paid and Alipay+ is notified'),
  REFUSED: ifLedger('refuses for good, the order has failed and Alipay+ is notified'),
  REOPENED: ifLedger('refuses for too little money, the payer may confirm again'),
  TOO_LATE: ifLedger('took nothing and the time is over, the order expires and Alipay+ is notified'),
  CANCELLED: cancelStep,
};

function isConfirmable(snapshot: PaymentSnapshot): boolean {
  return !snapshot.order.cancelRequestedAt && !isOver(snapshot) && !isQuoteDead(snapshot);
}

/** A cancelled order ends as cancelled whatever the ledger answers, so none of these steps is possible for it. */
function ifLedger(says: string): (snapshot: PaymentSnapshot) => Step | undefined {
  return (snapshot) =>
    snapshot.order.cancelRequestedAt
      ? undefined
      : { what: `If the ledger ${says}.`, by: 'wallet-ledger', ...questionAt(snapshot) };
}

/** When the ledger is asked next: now, if a worker has already claimed the debit. */
function questionAt(snapshot: PaymentSnapshot): { readonly at?: Date } {
  const debit = currentDebit(snapshot);
  if (debit?.nextAttemptAt === undefined) return {};
  return { at: isInHand(snapshot, debit) ? snapshot.readAt : debit.nextAttemptAt };
}

function cancelStep(snapshot: PaymentSnapshot): Step {
  const { order, readAt } = snapshot;
  const isDebiting = order.status === 'DEBITING';
  if (!order.cancelRequestedAt) {
    const effect = {
      DEBITING: 'it wins when the ledger answers, and money that was taken goes back',
      PAID: 'the ledger gives the money back',
    };
    const then =
      order.status === 'DEBITING' || order.status === 'PAID' ? effect[order.status] : 'the order is over';
    return { what: `If Alipay+ cancels, ${then}.`, by: 'alipay-plus' };
  }
  if (isDebiting) {
    const what = 'When the ledger answers, the order ends CANCELLED, and money that was taken goes back.';
    return { what, by: 'wallet-ledger', ...questionAt(snapshot) };
  }
  return { what: 'The service carries out what Alipay+ cancelled.', by: 'service', at: readAt };
}

function reversalOf(snapshot: PaymentSnapshot): NextStepDto[] {
  if (currentDebit(snapshot)?.status !== 'REVERSING') return [];
  const what = 'The ledger is asked to give the money back, under the same key, until it says that it did.';
  return [{ what, by: 'service', ...questionAt(snapshot) }];
}

function refundsOf(snapshot: PaymentSnapshot): NextStepDto[] {
  return unsettledRefunds(snapshot).map((refund) => {
    const at = isInHand(snapshot, refund) ? snapshot.readAt : refund.nextAttemptAt;
    const what = 'The ledger is asked for the refund, under the same key, until it says what became of it.';
    return { what, by: 'service', ...(at && { at }) };
  });
}

/** Alipay+ closes its day, whatever has happened by then. */
function windowOf(snapshot: PaymentSnapshot): NextStepDto[] {
  const debit = currentDebit(snapshot);
  if (!debit) return [];
  const { reversalDueAt, cancelDueAt } = reversalWindowOf(snapshot, debit);
  const isAhead = debit.windowEndsAt > snapshot.readAt;
  if (reversalDueAt && debit.status === 'REVERSING' && isAhead) {
    const what = 'Alipay+ closes its day. If the money is not back by then, an alarm is raised.';
    return [{ what, by: 'service', at: reversalDueAt }];
  }
  if (!cancelDueAt) return [];
  const what = 'Alipay+ refused the result, so it is expected to cancel, and then the money goes back.';
  const late = isAhead ? ' If it has not by then, when it closes its day, an alarm is raised.' : '';
  return [{ what: `${what}${late}`, by: 'alipay-plus', ...(isAhead && { at: cancelDueAt }) }];
}

function tellingOf({ notification }: PaymentSnapshot): NextStepDto[] {
  switch (notification?.status) {
    case 'PENDING':
      return [
        {
          what: `The result is sent to Alipay+ (try ${notification.tries + 1}), the same bytes as ever.`,
          by: 'service',
          ...(notification.nextAttemptAt && { at: notification.nextAttemptAt }),
        },
        {
          what: 'If it is not acknowledged by then, the result is parked with an alarm.',
          by: 'service',
          at: notification.givesUpAt,
        },
      ];
    case 'PARKED':
    case 'REJECTED':
      return [{ what: 'The result is sent again only when an operator asks for it.', by: 'operator' }];
    case 'DELIVERED':
    case undefined:
      return [];
  }
}

import { judgeRelease } from '../../decode/release-rule.js';
import { displayMoney } from '../../payment-order/order/money.js';
import { OPERATOR_ACTS, type OperatorAct } from '../../payment-order/operator/operator-action.js';
import { mustAskLedger } from '../../payment-order/order/payment-order.js';
import { isTerminal, TRANSITIONS } from '../../payment-order/order/payment-status.js';
import { WORK } from '../../payment-order/order/work.js';
import { contradictionsOf } from '../snapshot/contradictions.js';
import { currentDebit, type DebitSnapshot, type PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import type { ActTools, RequestedAct } from './act-tools.js';
import { needless, possible, refused, type ActRules, type ActVerdict } from './act-verdict.js';

/**
 * When an act needs a second person. `money`: it may make money move. `resend`: by the number of messages. `none`:
 * never.
 */
type Weight = 'money' | 'resend' | 'none';

interface Act {
  /** The text of its button. */
  readonly title: string;
  /** Its description in the API, printed after its name. */
  readonly about: string;
  readonly weight: Weight;
  readonly judge: (snapshot: PaymentSnapshot, rules: ActRules) => ActVerdict;
  /**
   * False when the payment has changed since it was read; then nothing was moved. The statements repeat the conditions,
   * because anything may change between the reading and the act.
   */
  readonly carryOut: (
    tools: ActTools,
    snapshot: PaymentSnapshot,
    requested: RequestedAct,
  ) => Promise<boolean>;
}

/** Everything about an act except its SQL; `docs/contributing.md` says how to add one. */
const ACTS: Readonly<Record<OperatorAct, Act>> = {
  redeliver: {
    title: 'Resend the result',
    about: 'resends the result to Alipay+',
    weight: 'resend',
    judge: judgeRedelivery,
    carryOut: redeliver,
  },
  'ask-ledger': {
    title: 'Ask the ledger now',
    about: 'asks the ledger now about money it has not answered for',
    // The workers ask the same question with the same key anyway. Waiting for a person would only prolong the doubt.
    weight: 'none',
    judge: judgeQuestion,
    carryOut: askLedger,
  },
  close: {
    title: 'Close the order',
    about: 'ends an unpaid order',
    // No debit can exist that would be taken or given back: only an order that nobody has paid is ended.
    weight: 'none',
    judge: judgeClose,
    carryOut: close,
  },
  release: {
    title: 'Release the order',
    about: 'lets a held order be paid',
    // The payer may then be debited for an order that the service had held.
    weight: 'money',
    judge: judgeReleaseOf,
    carryOut: release,
  },
};

export function actTitle(act: OperatorAct): string {
  return ACTS[act].title;
}

export function actWeight(act: OperatorAct): Weight {
  return ACTS[act].weight;
}

/** The effects of all acts, as one sentence. */
export const ABOUT_ACTS = OPERATOR_ACTS.map((act) => `\`${act}\` ${ACTS[act].about}`).join('; ');

/**
 * Judges an act on a payment as it was read, by the transition table and the rows. It decides nothing: the statement
 * that does the act has the same conditions, and moves nothing when the payment has changed meanwhile.
 */
export function judgeAct(act: OperatorAct, snapshot: PaymentSnapshot, rules: ActRules): ActVerdict {
  const [contradiction] = contradictionsOf(snapshot);
  if (contradiction !== undefined) {
    return refused('CONTRADICTION', `${contradiction} Nothing may be done before that is explained.`);
  }
  return ACTS[act].judge(snapshot, rules);
}

/** Does an act that was judged possible; false when the payment has changed meanwhile. */
export function carryOutAct(
  tools: ActTools,
  snapshot: PaymentSnapshot,
  requested: RequestedAct,
): Promise<boolean> {
  return ACTS[requested.act].carryOut(tools, snapshot, requested);
}

/** Sends the same notification again, never a second one. */
async function redeliver(
  { redeliveries, queues }: ActTools,
  { order }: PaymentSnapshot,
  { actor, reason }: RequestedAct,
): Promise<boolean> {
  const requested = await redeliveries.request({ paymentIds: [order.paymentId], actor, reason });
  if (requested.length === 0) return false;
  // The row is due already; while the queue is away the sweeper finds it.
  await queues.poke(WORK.notify);
  return true;
}

/** The request is committed before the ledger is called, and the debit is claimed as a worker claims it. */
async function askLedger(
  { store, debits }: ActTools,
  { order }: PaymentSnapshot,
  requested: RequestedAct,
): Promise<boolean> {
  const debitId = await store.askNow(order.paymentId, requested);
  if (debitId === undefined) return false;
  await debits.run(debitId, requested.origin);
  return true;
}

async function close(
  { store, queues }: ActTools,
  { order }: PaymentSnapshot,
  requested: RequestedAct,
): Promise<boolean> {
  const closed = await store.close(order, requested);
  // Not awaited: the notification is committed, and the sweeper finds it if the queue loses the job.
  if (closed) void queues.poke(WORK.notify);
  return closed !== undefined;
}

async function release(
  { store }: ActTools,
  { order }: PaymentSnapshot,
  requested: RequestedAct,
): Promise<boolean> {
  const { paymentId, heldReason = '' } = order;
  return (await store.release(paymentId, heldReason, requested)) !== undefined;
}

function judgeClose({ order }: PaymentSnapshot): ActVerdict {
  const { status } = order;
  if (status === 'PAID') {
    return refused(
      'PAID',
      'The payer has paid. Only Alipay+ undoes a payment, by cancelPayment or refund; the money then goes back by itself.',
    );
  }
  if (status === 'DEBITING') {
    return refused(
      'DEBITING',
      'The ledger was asked for the money and may have taken it. Ask the ledger first; what it says decides.',
    );
  }
  if (isTerminal(status) || TRANSITIONS[status].CANCELLED === undefined) {
    return needless(
      'CLOSED_ALREADY',
      `The order has ended already: it is ${status}, and Alipay+ is notified of that.`,
    );
  }
  if (mustAskLedger(order)) {
    return refused(
      'LEDGER_FIRST',
      'Records were lost before, and the order may have been paid in them. The ledger is asked when the payer confirms or declines, when Alipay+ cancels, and when the time is over; what it says decides.',
    );
  }
  return possible(
    'The order ends CANCELLED and can no longer be paid. Alipay+ is sent F ORDER_IS_CLOSED, and answered the same when it asks. No money moves: none was taken.',
  );
}

function judgeReleaseOf(snapshot: PaymentSnapshot, { supportedFlags }: ActRules): ActVerdict {
  const { order } = snapshot;
  if (order.status === 'AWAITING_CONFIRMATION') {
    return needless('NOT_HELD', 'The order is not held: the payer may confirm it.');
  }
  if (order.status !== 'HELD' || TRANSITIONS[order.status].RELEASED === undefined) {
    return refused(
      'NOT_HELD',
      `Only an order that is held can be released, and this one is ${order.status}.`,
    );
  }
  const release = judgeRelease(order.heldReason ?? '', supportedFlags);
  if (!release.mayRelease) return refused('HELD_REASON', release.why);
  const obstacle = obstacleToRelease(snapshot);
  if (obstacle) return obstacle;
  const amount = order.payAmount ? displayMoney(order.payAmount) : '';
  return possible(
    `The order awaits its payer again, who may then pay ${amount} while it has not expired. ${release.judgement}`,
  );
}

/** Why a released order still could not be paid, or why paying it would be unsafe. */
function obstacleToRelease({ order, readAt }: PaymentSnapshot): ActVerdict | undefined {
  if (order.cancelRequestedAt) {
    return refused('CANCEL_REQUESTED', 'Alipay+ has cancelled the order: it can no longer be paid.');
  }
  if (order.contentConflict) {
    return refused(
      'CONTENT_CONFLICT',
      'Alipay+ answered twice about this order, and differently. Which answer is right cannot be known here.',
    );
  }
  if (order.expiresAt <= readAt) return refused('ORDER_EXPIRED', 'The order has expired.');
  if (order.quoteExpiresAt && order.quoteExpiresAt <= readAt) {
    return refused(
      'QUOTE_EXPIRED',
      'The exchange rate has expired, so the order cannot be paid. The merchant has to show a new code.',
    );
  }
  if (!order.payAmount || !order.payToAmount || !order.paymentAmount) {
    return refused('AMOUNTS_MISSING', 'An amount is missing that a payment needs.');
  }
  return undefined;
}

function judgeQuestion(snapshot: PaymentSnapshot): ActVerdict {
  const debit = currentDebit(snapshot);
  if (!debit)
    return refused('NOTHING_TO_ASK', 'The order was not confirmed: the ledger was never asked for money.');
  const { status, leaseUntil } = debit;
  if (status === 'DEBITED' || status === 'REFUSED' || status === 'REVERSED') {
    return needless('LEDGER_HAS_SAID', `The ledger has answered already: ${saidOf(debit)}.`);
  }
  if (leaseUntil && leaseUntil > snapshot.readAt) {
    return needless('IN_HAND', 'The ledger is being asked at this moment.');
  }
  return possible(
    status === 'REVERSING'
      ? `The ledger is asked now to give back what key ${debit.debitId} debited. It gives back once, however often it is asked.`
      : `The ledger is asked now, by key ${debit.debitId}, whether it took the money; what it says decides. If it knows nothing, it is asked for the money under the same key while the order lives, and closes the key afterwards.`,
  );
}

function saidOf({ status, refusalCode, ledgerReference }: DebitSnapshot): string {
  if (status === 'REFUSED') return `it refused the debit (${refusalCode ?? 'no code'})`;
  const reference = ledgerReference === undefined ? '' : ` (${ledgerReference})`;
  return status === 'REVERSED' ? `it gave the money back${reference}` : `it took the money${reference}`;
}

function judgeRedelivery({ notification, order }: PaymentSnapshot): ActVerdict {
  if (!notification) {
    return refused('NOT_FINAL', `The order is ${order.status}: there is no result yet.`);
  }
  switch (notification.status) {
    case 'DELIVERED':
      return needless(
        'ALREADY_DELIVERED',
        'Alipay+ has acknowledged the result. If it lost it, it asks by inquiryPayment.',
      );
    case 'PENDING':
      return possible('The next try is due now. The same bytes are sent; no money moves.');
    case 'PARKED':
      return possible(
        'The same bytes are sent again, now and then by the schedule from its first step, until the next 08:00 (UTC+8). No money moves.',
      );
    case 'REJECTED':
      return possible(
        `The same bytes are sent again, with a schedule that starts again. Alipay+ has refused exactly these (${notification.lastOutcome ?? 'no code'}): ask them first what they recorded. No money moves.`,
      );
  }
}

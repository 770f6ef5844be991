import { displayMoney } from '../../payment-order/order/money.js';
import { NEVER_DEBITED } from '../../payment-order/debit/debit.js';
import type { PaymentStatus } from '../../payment-order/order/payment-status.js';
import {
  currentDebit,
  type DebitSnapshot,
  type NotificationSnapshot,
  type PaymentSnapshot,
  type RefundSnapshot,
  unsettledRefunds,
} from '../snapshot/payment-snapshot.js';
import { reversalWindowOf } from '../snapshot/reversal-window.js';
import { isInHand, isOver, isQuoteDead, isWindowOver } from './moments.js';

const STANDINGS: Readonly<Record<PaymentStatus, (snapshot: PaymentSnapshot) => string>> = {
  AWAITING_CONFIRMATION: awaiting,
  HELD: held,
  DEBITING: debiting,
  PAID: paid,
  FAILED: failed,
  DECLINED: (snapshot) => `The payer declined. ${noMoney(snapshot)}`,
  EXPIRED: (snapshot) => `The order expired. ${noMoney(snapshot)}`,
  CANCELLED: cancelled,
};

/** The state of a payment in sentences, for a reader who sees it for the first time. */
export function standingOf(snapshot: PaymentSnapshot): string {
  const { order, notification } = snapshot;
  const about = STANDINGS[order.status](snapshot);
  return notification ? `${about} ${told(notification)}${askedByItself(snapshot)}` : about;
}

function awaiting(snapshot: PaymentSnapshot): string {
  const coming = endIsComing(snapshot);
  if (coming !== undefined) return coming;
  if (isQuoteDead(snapshot)) {
    return `The exchange rate expired before the payer confirmed, so the order can no longer be confirmed. ${noMoney(snapshot)}`;
  }
  const refused = currentDebit(snapshot);
  if (refused && refused.refusalCode !== NEVER_DEBITED) {
    return `The payer confirmed and the ledger refused (${refused.refusalCode ?? 'no code'}). ${noMoney(snapshot)} The payer may confirm again.`;
  }
  return `The payer was shown ${amountOf(snapshot)} and has not confirmed. ${noMoney(snapshot)}`;
}

function held(snapshot: PaymentSnapshot): string {
  const { order } = snapshot;
  const coming = endIsComing(snapshot);
  if (coming !== undefined) return coming;
  return `The order is held and cannot be paid: ${order.heldReason ?? 'no reason was kept'}. ${noMoney(snapshot)}`;
}

function endIsComing(snapshot: PaymentSnapshot): string | undefined {
  const { order } = snapshot;
  if (order.cancelRequestedAt)
    return `Alipay+ has cancelled the order, and the service is about to close it. ${noMoney(snapshot)}`;
  if (isOver(snapshot))
    return `The time to pay is over, and the service is about to close the order. ${noMoney(snapshot)}`;
  return undefined;
}

/** Says that no money was taken, except where our records may have lost a debit. */
function noMoney({ order }: PaymentSnapshot): string {
  return order.askLedger
    ? 'Records were lost before: only the ledger knows whether money was taken.'
    : 'No money was taken.';
}

function failed(snapshot: PaymentSnapshot): string {
  const { heldReason } = snapshot.order;
  if (heldReason !== undefined)
    return `The order could never be paid, so it was ended at once: ${heldReason}. ${noMoney(snapshot)}`;
  return `The wallet’s ledger refused the payment for good (${currentDebit(snapshot)?.refusalCode ?? 'no code'}). No money was taken.`;
}

function debiting(snapshot: PaymentSnapshot): string {
  const debit = currentDebit(snapshot);
  const cancelled = snapshot.order.cancelRequestedAt
    ? ' Alipay+ has cancelled the order meanwhile: it ends CANCELLED, and money that was taken goes back.'
    : '';
  return `${debit ? doubt(snapshot, debit) : ''}${cancelled}`;
}

function doubt(snapshot: PaymentSnapshot, debit: DebitSnapshot): string {
  const amount = amountOf(snapshot);
  const begun = snapshot.history.findLast(({ event }) => event === 'CONFIRMED' || event === 'LEDGER_ASKED');
  if (begun?.event === 'LEDGER_ASKED') {
    return `Records were lost before, and the ledger is being asked whether it took ${amount} already. The money may or may not have been taken.`;
  }
  if (debit.status === 'INTENDED') {
    return isInHand(snapshot, debit)
      ? `The payer confirmed ${amount}, and the ledger is being asked for it at this moment.`
      : `The payer confirmed ${amount}. The process that was to ask the ledger is gone, so the money may or may not have been taken.`;
  }
  const reason = debit.unknownReason === undefined ? '' : ` (${debit.unknownReason})`;
  return `The ledger was asked for ${amount} ${times(debit.tries)} and has not said${reason}. The money may or may not have been taken.`;
}

function paid(snapshot: PaymentSnapshot): string {
  const cancelled = snapshot.order.cancelRequestedAt
    ? ' Alipay+ has cancelled the order, and the service is about to give the money back.'
    : '';
  const debit = currentDebit(snapshot);
  const missing =
    debit && reversalWindowOf(snapshot, debit).cancelDueAt && isWindowOver(snapshot, debit)
      ? ' Alipay+ refused the result and closed its day without cancelling.'
      : '';
  return `The payer has paid ${amountOf(snapshot)}.${refunded(snapshot)}${cancelled}${missing}`;
}

/** How much was refunded, and how much is being refunded. */
function refunded(snapshot: PaymentSnapshot): string {
  const sums = (refunds: readonly RefundSnapshot[]): string => {
    const value = refunds.reduce((sum, { amount }) => sum + (amount?.value ?? 0n), 0n);
    const currency = refunds.find(({ amount }) => amount)?.amount?.currency;
    return currency === undefined ? 'an amount that is not known' : displayMoney({ currency, value });
  };
  const done = snapshot.refunds.filter(({ status }) => status === 'REFUNDED');
  const open = unsettledRefunds(snapshot);
  return [
    ...(done.length === 0 ? [] : [` ${sums(done)} of it was refunded.`]),
    ...(open.length === 0
      ? []
      : [` A refund of ${sums(open)} is asked for, and the ledger has not said whether the money is back.`]),
  ].join('');
}

function cancelled(snapshot: PaymentSnapshot): string {
  const debit = currentDebit(snapshot);
  const by = snapshot.history.findLast(({ event }) => event === 'CANCELLED')?.actor ?? 'alipay-plus';
  const who = by === 'alipay-plus' ? 'Alipay+' : by;
  if (debit?.status === 'REVERSING') {
    const reason = debit.unknownReason === undefined ? '' : ` (${debit.unknownReason})`;
    const late = isWindowOver(snapshot, debit)
      ? ' Alipay+ has closed its day meanwhile, at 00:30 UTC+8: the money is overdue.'
      : '';
    return `${who} cancelled the order after ${amountOf(snapshot)} had been taken, and the ledger has not yet said that it gave the money back${reason}.${late}`;
  }
  if (debit?.status === 'REVERSED') {
    return `${who} cancelled the order after ${amountOf(snapshot)} had been taken, and the ledger has given the money back.`;
  }
  return `${who} cancelled the order before it was paid. ${noMoney(snapshot)}`;
}

function told({ status, tries, lastOutcome }: NotificationSnapshot): string {
  const outcome = lastOutcome === undefined ? '' : ` (${lastOutcome})`;
  switch (status) {
    case 'PENDING':
      return tries === 0
        ? 'The result is about to be sent to Alipay+.'
        : `The result was sent ${times(tries)} and not acknowledged${outcome}.`;
    case 'DELIVERED':
      return 'Alipay+ has acknowledged the result.';
    case 'REJECTED':
      return `Alipay+ refused the result${outcome}, and it is not sent any more by itself.`;
    case 'PARKED':
      return `The result was not acknowledged${outcome}, and it is not sent any more by itself.`;
  }
}

/** Alipay+ also learns the result when it asks for it. */
function askedByItself({ notification, inquiries }: PaymentSnapshot): string {
  if (notification?.status === 'DELIVERED' || !inquiries?.finalSince) return '';
  const said = `${inquiries.lastPaymentStatus ?? ''} ${inquiries.lastPaymentCode ?? ''}`.trim();
  return ` It has asked by inquiryPayment, though, and was answered ${said}.`;
}

function amountOf(snapshot: PaymentSnapshot): string {
  const amount = currentDebit(snapshot)?.amount ?? snapshot.order.payAmount;
  return amount ? displayMoney(amount) : 'an amount that is not known';
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

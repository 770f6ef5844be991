import { broken, type Discrepancy, type Fact } from './discrepancy.js';
import { isSame, text } from './money-rules.js';
import type { OurNotification, OurOrder } from './our-books.js';
import type { TwinOrder } from './twin-books.js';

/**
 * Compares our order with the twin's: the same amounts, the same end, notified with one set of bytes and acknowledged.
 */
export function toldRules(order: OurOrder, twin: TwinOrder): Discrepancy[] {
  return [...amountRules(order, twin), ...notificationRules(order, twin), ...cancelRules(order, twin)];
}

function amountRules(order: OurOrder, twin: TwinOrder): Discrepancy[] {
  const pairs = [
    ['paymentAmount', order.paymentAmount, twin.paymentAmount],
    ['payToAmount', order.payToAmount, twin.payToAmount],
    ['what the payer pays', order.payAmount, twin.surchargeAmount ?? twin.payToAmount],
  ] as const;
  const facts = pairs.map(([name, ours, theirs]): Fact => [
    // A held order may lack amounts that could not be read.
    ours === null || isSame(ours, theirs),
    'amount',
    `${name} is ${text(ours)} with us and ${text(theirs)} with the twin`,
  ]);
  return broken(order.paymentRequestId, facts);
}

function notificationRules(order: OurOrder, twin: TwinOrder): Discrepancy[] {
  const { notification, paymentRequestId, status } = order;
  if (notification === null) {
    return broken(paymentRequestId, [[isOpen(order), 'unacknowledged', `is ${status} and was never told`]]);
  }
  const told = notification.resultStatus;
  const acknowledged = twin.acknowledgedResult;
  return broken(paymentRequestId, [
    [notification.status === 'DELIVERED', 'unacknowledged', `its notification is ${notification.status}`],
    [acknowledged !== null, 'unacknowledged', 'the twin has not acknowledged its result'],
    [acknowledged === null || acknowledged === told, 'contradiction', `the twin was told ${acknowledged}`],
    [fitsEnd(order, notification), 'contradiction', `is ${status} and its notification says ${told}`],
    [
      twin.toldSha256.every((sha256) => sha256 === notification.bodySha256),
      'contradiction',
      'the twin was told other bytes than the frozen ones',
    ],
  ]);
}

/** Only a paid order has S; one that was paid and cancelled later keeps the frozen S. */
function fitsEnd({ status, debits }: OurOrder, { resultStatus }: OurNotification): boolean {
  const isUndone = status === 'CANCELLED' && debits.some((debit) => debit.status === 'REVERSED');
  if (resultStatus === 'S') return status === 'PAID' || isUndone;
  return resultStatus === 'F' && status !== 'PAID';
}

function cancelRules({ paymentRequestId, status }: OurOrder, twin: TwinOrder): Discrepancy[] {
  return broken(paymentRequestId, [
    [
      !twin.isCancelled || status !== 'PAID',
      'contradiction',
      'the twin has cancelled it, and it is PAID with us',
    ],
    [
      status !== 'CANCELLED' || twin.isCancelWanted,
      'contradiction',
      'is CANCELLED with us, and the twin never cancelled it',
    ],
    [
      !twin.isCancelWanted || twin.isCancelled,
      'unfinished',
      'the twin cancelled it and has no answer that it believes',
    ],
  ]);
}

export function isOpen({ status }: OurOrder): boolean {
  return ['AWAITING_CONFIRMATION', 'HELD', 'DEBITING'].includes(status);
}

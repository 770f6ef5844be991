import { NEVER_DEBITED, type DebitAlarm } from '../../payment-order/debit/debit.js';
import { displayMoney } from '../../payment-order/order/money.js';
import type { HistorySnapshot, PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import type { EvidenceDto } from './explanation.dto.js';

/** The facts of the rows as sentences, in the order in which they happened. */
export function evidenceOf(snapshot: PaymentSnapshot): EvidenceDto[] {
  return [
    ...scansOf(snapshot),
    ...snapshot.history.map(lineOf),
    ...debitsOf(snapshot),
    ...debitAlarmsOf(snapshot),
    ...cancelOf(snapshot),
    ...notificationOf(snapshot),
    ...inquiriesOf(snapshot),
  ].toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

function scansOf({ scans }: PaymentSnapshot): EvidenceDto[] {
  return scans.map(({ createdAt, customerId }) => ({
    sentence: `${customerId} scanned the code.`,
    at: createdAt,
    source: 'scan',
  }));
}

function lineOf(line: HistorySnapshot): EvidenceDto {
  const sentence =
    SENTENCES[line.event]?.(line) ?? `${line.event} by ${line.actor}: the order is ${line.to}.`;
  return { sentence, at: line.at, source: 'payment_history' };
}

const SENTENCES: Readonly<Partial<Record<string, (line: HistorySnapshot) => string>>> = {
  DECODED: ({ to }) =>
    to === 'HELD'
      ? 'Alipay+ said what the code means, and the order was held back.'
      : 'Alipay+ said what the code means, and the order awaited its payer.',
  DECODED_DIFFERENTLY: () =>
    'Alipay+ answered something else about the same order; the first answer was kept.',
  CONFIRMED: ({ actor, detail }) =>
    `The payer confirmed through ${actor}${proved(detail)}, and the intent to debit was written down.`,
  LEDGER_ASKED: () =>
    'Records were lost before, so the ledger was to be asked for a debit that they do not know.',
  DEBIT_IN_DOUBT: ({ detail }) =>
    `The ledger did not say whether it took the money (${said(detail.reason)}).`,
  DEBITED: () => 'The ledger said that it took the money.',
  REFUSED: ({ detail }) => `The ledger refused for good (${said(detail.refusalCode)}).`,
  REOPENED: ({ detail }) =>
    detail.refusalCode === NEVER_DEBITED
      ? 'The ledger knew no debit and takes none under its key any more; the order stayed open.'
      : `The ledger refused (${said(detail.refusalCode)}), and the order stayed open.`,
  TOO_LATE: () => 'The time was over before the ledger took anything; it can take nothing any more.',
  REFUND_REQUESTED: ({ detail }) =>
    `Alipay+ asked for a refund (${said(detail.refundRequestId)}), and the intent was written down.`,
  REFUND_IN_DOUBT: ({ detail }) =>
    `The ledger did not say whether it gave the refund (${said(detail.reason)}).`,
  REFUNDED: ({ detail }) =>
    `The ledger said that a refund is back with the payer (${said(detail.refundRequestId)}).`,
  REFUND_REFUSED: ({ detail }) =>
    `A refund was refused (${said(detail.resultCode ?? detail.refusalCode)}); nothing was given back for it.`,
  UNPAYABLE: () => 'The order could never be paid, so the service ended it at once.',
  REVERSED: () => 'The ledger said that the money is back with the payer.',
  DECLINED: ({ actor }) => `The payer declined through ${actor}.`,
  EXPIRED: () => 'The order expired unpaid.',
  CANCELLED: ({ actor, from, detail }) =>
    `${actor === 'alipay-plus' ? 'Alipay+' : actor} cancelled the order while it was ${from ?? 'new'}${because(detail)}.`,
  RELEASED: ({ actor, detail }) => `${actor} released the order${because(detail)}.`,
  NOTIFICATION_PARKED: () => 'The result was parked: it is not sent again until an operator asks for it.',
  REDELIVERY_REQUESTED: ({ actor, detail }) => `${actor} asked for the notification again${because(detail)}.`,
};

function proved({ proofs }: HistorySnapshot['detail']): string {
  const names = typeof proofs === 'object' && proofs !== null ? Object.keys(proofs) : [];
  return names.length === 0 ? '' : ` with ${names.join(' and ')} as proof`;
}

function because({ reason }: HistorySnapshot['detail']): string {
  return reason === undefined ? '' : `: ${said(reason)}`;
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : 'nothing more';
}

function debitsOf({ debits }: PaymentSnapshot): EvidenceDto[] {
  return debits.map(({ amount, debitId, status, tries, createdAt }) => ({
    sentence: `The debit of ${amount ? displayMoney(amount) : 'an unknown amount'} with key ${debitId} is ${status}; questions without an answer so far: ${tries}.`,
    at: createdAt,
    source: 'debit',
  }));
}

function debitAlarmsOf({ debitAlarms }: PaymentSnapshot): EvidenceDto[] {
  return debitAlarms.map(({ alarm, raisedAt }) => ({
    sentence: `An alarm was raised because ${OVERDUE[alarm]} when Alipay+ closed its day.`,
    at: raisedAt,
    source: 'debit_alarm',
  }));
}

const OVERDUE: Readonly<Record<DebitAlarm, string>> = {
  REVERSAL_OVERDUE: 'the money was not back',
  CANCEL_MISSING: 'it had not cancelled what it refused to hear as paid',
};

function cancelOf({ order }: PaymentSnapshot): EvidenceDto[] {
  if (!order.cancelRequestedAt) return [];
  const before = order.cancelRequestedAt < order.createdAt ? ', before the order was known here' : '';
  return [
    {
      sentence: `Alipay+ cancelled the order${before}.`,
      at: order.cancelRequestedAt,
      source: 'cancel_request',
    },
  ];
}

function notificationOf({ notification }: PaymentSnapshot): EvidenceDto[] {
  if (!notification) return [];
  const { createdAt, bodySha256, deliveredAt, alarms } = notification;
  const source = 'notification';
  return [
    {
      sentence: `The result was fixed; exactly these bytes are sent (SHA-256 ${bodySha256}).`,
      at: createdAt,
      source,
    },
    ...alarms.map(({ threshold, raisedAt }) => ({
      sentence: `An alarm was raised because the result was not acknowledged: ${threshold}.`,
      at: raisedAt,
      source: 'notification_alarm',
    })),
    ...(deliveredAt
      ? [{ sentence: 'Alipay+ acknowledged the result with a verified S.', at: deliveredAt, source }]
      : []),
  ];
}

function inquiriesOf({ inquiries }: PaymentSnapshot): EvidenceDto[] {
  if (!inquiries) return [];
  const answer = `${inquiries.lastPaymentStatus ?? ''} ${inquiries.lastPaymentCode ?? ''}`.trim();
  return [
    {
      sentence: `Alipay+ asked by inquiryPayment (${inquiries.asked} so far) and was last answered ${answer || 'no result'}.`,
      at: inquiries.lastAskedAt,
      source: 'inbound_exchange',
    },
  ];
}

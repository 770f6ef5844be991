import type { PaymentEvent, PaymentStatus } from '../order/payment-status.js';

/** The types of events. Stable: receivers switch on them. */
export const EVENT_TYPES = {
  'payment.decoded': 'A code was decoded: the payer may confirm.',
  'payment.held':
    'A code was decoded, and the order asks for something that the wallet cannot do: it is not payable.',
  'payment.released': 'An operator made a held payment payable.',
  'payment.debiting': "The ledger is being asked for the payer's money, or whether it holds any.",
  'payment.reopened':
    'The ledger refused the debit for now, such as for a low balance: the payer may confirm again.',
  'payment.paid': "The payer's money was taken.",
  'payment.failed': 'The payment failed for good; no money was taken.',
  'payment.declined': 'The payer declined.',
  'payment.expired': 'Nobody paid in time.',
  'payment.cancelled':
    'Alipay+ or an operator cancelled. What was taken is given back: see `payment.reversed`.',
  'payment.reversed': "A cancelled payment's money was given back.",
  'payment.refund_requested': 'Alipay+ asked for a refund, and it is on its way.',
  'payment.refunded': 'A refund was given back to the payer.',
  'payment.refund_refused': 'A refund was refused; nothing was given back.',
  'scan.rejected': 'Alipay+ refused a code.',
  'scan.given_up': 'Alipay+ did not say in time what a code means.',
} as const satisfies Readonly<Record<string, string>>;

export type EventType = keyof typeof EVENT_TYPES;

export const EVENT_TYPE_NAMES = Object.keys(EVENT_TYPES) as EventType[]; // the keys of the constant above

/** What else the history says of an order: about its debit, its refunds and its notification. */
type OtherLine =
  | 'DECODED'
  | 'DECODED_DIFFERENTLY'
  | 'DEBIT_IN_DOUBT'
  | 'REVERSED'
  | 'REFUND_REQUESTED'
  | 'REFUND_IN_DOUBT'
  | 'REFUNDED'
  | 'REFUND_REFUSED'
  | 'REDELIVERY_REQUESTED';

type EventOfLine = EventType | null | ((toStatus: PaymentStatus) => EventType);

/**
 * Which line of the history is which event, or none. The function `payment_event_type` of the database says the same,
 * because the row of an event is written by a trigger, with the line itself; a spec compares the two.
 *
 * @internal
 */
export const EVENT_OF_LINE: Readonly<Record<PaymentEvent | OtherLine, EventOfLine>> = {
  DECODED: (toStatus) => (toStatus === 'HELD' ? 'payment.held' : 'payment.decoded'),
  RELEASED: 'payment.released',
  CONFIRMED: 'payment.debiting',
  LEDGER_ASKED: 'payment.debiting',
  REOPENED: 'payment.reopened',
  DEBITED: 'payment.paid',
  REFUSED: 'payment.failed',
  UNPAYABLE: 'payment.failed',
  DECLINED: 'payment.declined',
  EXPIRED: 'payment.expired',
  TOO_LATE: 'payment.expired',
  CANCELLED: 'payment.cancelled',
  REVERSED: 'payment.reversed',
  REFUND_REQUESTED: 'payment.refund_requested',
  REFUNDED: 'payment.refunded',
  REFUND_REFUSED: 'payment.refund_refused',
  // Findings about us or the partner: the payment itself has not changed.
  DECODED_DIFFERENTLY: null,
  DEBIT_IN_DOUBT: null,
  REFUND_IN_DOUBT: null,
  REDELIVERY_REQUESTED: null,
};

export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'PARKED'] as const;

/** The status of the delivery of one event to one endpoint. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export const PAYMENT_STATUSES = [
  'AWAITING_CONFIRMATION',
  'HELD',
  'DEBITING',
  'PAID',
  'FAILED',
  'DECLINED',
  'EXPIRED',
  'CANCELLED',
] as const;

/** Where a payment order stands. The debit and the notification have axes of their own. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export type TerminalStatus = 'PAID' | 'FAILED' | 'DECLINED' | 'EXPIRED' | 'CANCELLED';

/** What can happen to an order once it exists. */
export type PaymentEvent =
  | 'CONFIRMED'
  | 'LEDGER_ASKED'
  | 'DEBITED'
  | 'REFUSED'
  | 'REOPENED'
  | 'TOO_LATE'
  | 'UNPAYABLE'
  | 'DECLINED'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'RELEASED';

type Transitions = Readonly<Record<PaymentStatus, Readonly<Partial<Record<PaymentEvent, PaymentStatus>>>>>;

/**
 * The one transition table. An event that is not listed for a status does not move the order.
 * A terminal status stays terminal; only `PAID` can still be undone, by Alipay+ cancelling.
 */
export const TRANSITIONS: Transitions = {
  AWAITING_CONFIRMATION: {
    CONFIRMED: 'DEBITING',
    LEDGER_ASKED: 'DEBITING',
    DECLINED: 'DECLINED',
    EXPIRED: 'EXPIRED',
    CANCELLED: 'CANCELLED',
  },
  HELD: {
    RELEASED: 'AWAITING_CONFIRMATION',
    UNPAYABLE: 'FAILED',
    DECLINED: 'DECLINED',
    EXPIRED: 'EXPIRED',
    CANCELLED: 'CANCELLED',
  },
  DEBITING: {
    DEBITED: 'PAID',
    REFUSED: 'FAILED',
    REOPENED: 'AWAITING_CONFIRMATION',
    TOO_LATE: 'EXPIRED',
    CANCELLED: 'CANCELLED',
  },
  PAID: { CANCELLED: 'CANCELLED' },
  FAILED: {},
  DECLINED: {},
  EXPIRED: {},
  CANCELLED: {},
};

export function isTerminal(status: PaymentStatus): status is TerminalStatus {
  return status === 'PAID' || Object.keys(TRANSITIONS[status]).length === 0;
}

export const SCAN_STATUSES = ['PENDING', 'DECODED', 'REJECTED', 'GIVEN_UP'] as const;
export type ScanStatus = (typeof SCAN_STATUSES)[number];

export const DEBIT_STATUSES = [
  'INTENDED',
  'DEBITED',
  'REFUSED',
  'IN_DOUBT',
  'REVERSING',
  'REVERSED',
] as const;
export type DebitStatus = (typeof DEBIT_STATUSES)[number];

export const NOTIFICATION_STATUSES = ['PENDING', 'DELIVERED', 'REJECTED', 'PARKED'] as const;
export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/** How a payment stands on its three axes; kept before and after every act. */
export interface AxesStanding {
  readonly status: PaymentStatus;
  readonly debit?: DebitStatus;
  readonly notification?: NotificationStatus;
}

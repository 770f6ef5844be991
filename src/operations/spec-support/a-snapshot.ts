import {
  isTerminal,
  type DebitStatus,
  type NotificationStatus,
  type PaymentStatus,
} from '../../payment-order/order/payment-status.js';
import type {
  DebitSnapshot,
  NotificationSnapshot,
  OrderSnapshot,
  PaymentSnapshot,
} from '../snapshot/payment-snapshot.js';

export const NOW = new Date('2026-03-01T12:00:00.000Z');

export const inSeconds = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

export interface Standing {
  readonly status: PaymentStatus;
  readonly debit?: DebitStatus | undefined;
  readonly notification?: NotificationStatus | undefined;
}

export interface Change {
  readonly order?: Partial<OrderSnapshot>;
  readonly debit?: Partial<DebitSnapshot>;
  readonly notification?: Partial<NotificationSnapshot>;
  readonly snapshot?: Partial<PaymentSnapshot>;
}

/** A payment of 8561 HKD in this state, read ten minutes before its end; all other fields fit the state. */
export function aSnapshot({ status, debit, notification }: Standing, change: Change = {}): PaymentSnapshot {
  return {
    readAt: NOW,
    order: { ...anOrder(status), ...neverPayable(status, debit), ...change.order },
    debits: debit === undefined ? [] : [{ ...aDebit(debit), ...change.debit }],
    debitAlarms: [],
    refunds: [],
    scans: [
      {
        scanId: 's',
        customerId: 'payer',
        codeSha256: 'ab',
        status: 'DECODED',
        tries: 1,
        createdAt: inSeconds(-60),
      },
    ],
    history: [
      { at: inSeconds(-59), event: 'DECODED', to: 'AWAITING_CONFIRMATION', actor: 'alipay-plus', detail: {} },
    ],
    ...(notification && { notification: { ...aNotification(notification), ...change.notification } }),
    ...change.snapshot,
  };
}

/** An order that failed without a debit could never be paid. */
function neverPayable(status: PaymentStatus, debit: DebitStatus | undefined): Partial<OrderSnapshot> {
  return status === 'FAILED' && debit === undefined ? { heldReason: 'UNSUPPORTED_ACTION' } : {};
}

function anOrder(status: PaymentStatus): OrderSnapshot {
  const money = { currency: 'HKD', value: 8_561n };
  return {
    paymentId: '0198f3a0-0000-7000-8000-000000000001',
    paymentRequestId: 'request-1',
    customerId: 'payer',
    status,
    scenario: 'MERCHANT_PRESENTED',
    paymentAmount: money,
    payToAmount: money,
    payAmount: money,
    expiresAt: inSeconds(600),
    notifyUrl: 'https://localhost/notify',
    content: { promotions: [], surcharged: false },
    contentConflict: false,
    askLedger: false,
    createdAt: inSeconds(-59),
    updatedAt: NOW,
    readAt: NOW,
    ...(status === 'HELD' && { heldReason: 'HANDLE_BY_SDK' }),
    ...(isTerminal(status) && {
      result:
        status === 'PAID'
          ? { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' }
          : { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'closed' },
    }),
  };
}

function aDebit(status: DebitStatus): DebitSnapshot {
  const isUnsettled = status === 'INTENDED' || status === 'IN_DOUBT' || status === 'REVERSING';
  return {
    debitId: 'key-1',
    sequence: 1,
    amount: { currency: 'HKD', value: 8_561n },
    status,
    tries: status === 'IN_DOUBT' ? 3 : 0,
    notAfter: inSeconds(600),
    createdAt: inSeconds(-30),
    // 00:30 at UTC+8; it is 20:00 there.
    windowEndsAt: inSeconds(16_200),
    ...(isUnsettled && { nextAttemptAt: inSeconds(5) }),
    ...(status === 'IN_DOUBT' && { unknownReason: 'timeout' }),
    ...(status === 'REFUSED' && { refusalCode: 'INSUFFICIENT_BALANCE' }),
    ...(status === 'DEBITED' && { ledgerReference: 'ledger-1' }),
  };
}

function aNotification(status: NotificationStatus): NotificationSnapshot {
  return {
    status,
    tries: 2,
    url: 'https://localhost/notify',
    bodySha256: 'cd',
    createdAt: inSeconds(-20),
    givesUpAt: inSeconds(40_000),
    alarms: [],
    ...(status === 'PENDING' && { nextAttemptAt: inSeconds(7), lastOutcome: 'unknown:timeout' }),
    ...(status === 'DELIVERED' && { deliveredAt: inSeconds(-1), lastOutcome: 'accepted:SUCCESS' }),
    ...(status === 'REJECTED' && { lastOutcome: 'rejected:ORDER_NOT_EXIST' }),
    ...(status === 'PARKED' && { lastOutcome: 'not_acknowledged_in_time' }),
  };
}

import type {
  AxesStanding,
  DebitStatus,
  NotificationStatus,
  ScanStatus,
} from '../../payment-order/order/payment-status.js';
import type { Money } from '../../payment-order/order/money.js';
import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import type { DebitAlarm } from '../../payment-order/debit/debit.js';
import type { RefundStatus } from '../../payment-order/refund/refund.js';
import type { CustomerId, DebitKey, RefundKey } from '../../payment-order/order/ids.js';

/** The rows of one payment as they stood at one moment, by the database's clock. */
export interface PaymentSnapshot {
  readonly readAt: Date;
  readonly order: OrderSnapshot;
  /** In the order they were made; all but the last are refused. */
  readonly debits: readonly DebitSnapshot[];
  readonly debitAlarms: readonly DebitAlarmSnapshot[];
  /** The first one first, those that were refused too. */
  readonly refunds: readonly RefundSnapshot[];
  readonly notification?: NotificationSnapshot;
  readonly inquiries?: InquiriesSnapshot;
  readonly scans: readonly ScanSnapshot[];
  /** Oldest first; of a very long history only the newest lines. */
  readonly history: readonly HistorySnapshot[];
}

export interface OrderSnapshot extends PaymentOrder {
  readonly acquirerId?: string;
  readonly pspId?: string;
  /** What did not fit among the amounts, although it may have been let pass. */
  readonly amountFlag?: string;
  readonly finishedAt?: Date;
}

export interface DebitSnapshot {
  /** The key the ledger knows it by. */
  readonly debitId: DebitKey;
  readonly sequence: number;
  readonly amount?: Money;
  readonly status: DebitStatus;
  readonly refusalCode?: string;
  readonly unknownReason?: string;
  readonly ledgerReference?: string;
  /** How often the ledger was asked without a definite answer; starts again when the debit has to be reversed. */
  readonly tries: number;
  readonly notAfter: Date;
  readonly nextAttemptAt?: Date;
  /** Claimed until then. */
  readonly leaseUntil?: Date;
  readonly createdAt: Date;
  /** 00:30 at UTC+8 on the day after: until then money that has to go back has to be back. */
  readonly windowEndsAt: Date;
}

/** Money that Alipay+ asked to be given back. */
export interface RefundSnapshot {
  /** The key the ledger knows it by. */
  readonly refundId: RefundKey;
  readonly refundRequestId: string;
  readonly status: RefundStatus;
  /** What goes back to the payer; absent when it was refused before the ledger was asked. */
  readonly amount?: Money;
  /** In the currency of the order. */
  readonly refundAmount?: Money;
  /** The result code sent to Alipay+ for a refused one. */
  readonly resultCode?: string;
  /** In the words of the ledger. */
  readonly refusalCode?: string;
  readonly unknownReason?: string;
  readonly amountFlag?: string;
  readonly ledgerReference?: string;
  readonly refundTime?: string;
  readonly tries: number;
  readonly nextAttemptAt?: Date;
  readonly leaseUntil?: Date;
  readonly createdAt: Date;
}

export interface DebitAlarmSnapshot {
  readonly debitId: DebitKey;
  readonly alarm: DebitAlarm;
  readonly raisedAt: Date;
}

export interface NotificationSnapshot {
  readonly status: NotificationStatus;
  readonly tries: number;
  readonly url: string;
  readonly bodySha256: string;
  readonly createdAt: Date;
  readonly nextAttemptAt?: Date;
  readonly leaseUntil?: Date;
  readonly givesUpAt: Date;
  readonly lastOutcome?: string;
  readonly deliveredAt?: Date;
  /** The operator who requested the attempt that is due. */
  readonly requestedBy?: string;
  readonly alarms: readonly { readonly threshold: string; readonly raisedAt: Date }[];
}

/** What Alipay+ was answered when it asked by inquiryPayment. */
export interface InquiriesSnapshot {
  readonly asked: number;
  readonly lastAskedAt: Date;
  readonly lastPaymentStatus?: string;
  readonly lastPaymentCode?: string;
  /** When it was first answered a final result. */
  readonly finalSince?: Date;
}

export interface ScanSnapshot {
  readonly scanId: string;
  readonly customerId: CustomerId;
  /** The code itself is never shown. */
  readonly codeSha256: string;
  readonly status: ScanStatus;
  readonly tries: number;
  readonly createdAt: Date;
}

export interface HistorySnapshot {
  readonly at: Date;
  readonly event: string;
  readonly from?: string;
  readonly to: string;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The debit that counts: an order has at most one that is anything but refused, and it is the last. */
export function currentDebit({ debits }: PaymentSnapshot): DebitSnapshot | undefined {
  return debits.at(-1);
}

/** Refunds that the ledger has not settled. */
export function unsettledRefunds({ refunds }: PaymentSnapshot): readonly RefundSnapshot[] {
  return refunds.filter(({ status }) => status === 'REQUESTED' || status === 'IN_DOUBT');
}

/** Where the payment stands on each of its axes. */
export function axesOf(snapshot: PaymentSnapshot): AxesStanding {
  const debit = currentDebit(snapshot)?.status;
  const notification = snapshot.notification?.status;
  return {
    status: snapshot.order.status,
    ...(debit === undefined ? {} : { debit }),
    ...(notification === undefined ? {} : { notification }),
  };
}

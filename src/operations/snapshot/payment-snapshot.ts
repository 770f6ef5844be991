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
  /** In the order in which they were made; all but the last are refused. */
  readonly debits: readonly DebitSnapshot[];
  readonly debitAlarms: readonly DebitAlarmSnapshot[];
  /** Oldest first, refused ones included. */
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
  /** The amounts that did not agree, although the order may have been allowed. */
  readonly amountFlag?: string;
  readonly finishedAt?: Date;
}

export interface DebitSnapshot {
  /** The key under which the ledger knows it. */
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
  /** The end of the current claim. */
  readonly leaseUntil?: Date;
  readonly createdAt: Date;
  /** 00:30 at UTC+8 on the next day: money that has to go back must be back by then. */
  readonly windowEndsAt: Date;
}

/** A refund that Alipay+ requested. */
export interface RefundSnapshot {
  /** The key under which the ledger knows it. */
  readonly refundId: RefundKey;
  readonly refundRequestId: string;
  readonly status: RefundStatus;
  /** The amount that goes back to the payer; absent when it was refused before the ledger was asked. */
  readonly amount?: Money;
  /** In the currency of the order. */
  readonly refundAmount?: Money;
  /** The result code sent to Alipay+ for a refused one. */
  readonly resultCode?: string;
  /** The ledger's own code. */
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

/** The answers to Alipay+ when it asked by inquiryPayment. */
export interface InquiriesSnapshot {
  readonly asked: number;
  readonly lastAskedAt: Date;
  readonly lastPaymentStatus?: string;
  readonly lastPaymentCode?: string;
  /** When Alipay+ first got a final result as the answer. */
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

/** The debit that counts: at most one debit of an order is not refused, and it is the last. */
export function currentDebit({ debits }: PaymentSnapshot): DebitSnapshot | undefined {
  return debits.at(-1);
}

/** Refunds that the ledger has not settled. */
export function unsettledRefunds({ refunds }: PaymentSnapshot): readonly RefundSnapshot[] {
  return refunds.filter(({ status }) => status === 'REQUESTED' || status === 'IN_DOUBT');
}

/** The three statuses of the payment. */
export function axesOf(snapshot: PaymentSnapshot): AxesStanding {
  const debit = currentDebit(snapshot)?.status;
  const notification = snapshot.notification?.status;
  return {
    status: snapshot.order.status,
    ...(debit === undefined ? {} : { debit }),
    ...(notification === undefined ? {} : { notification }),
  };
}

import type { DatabaseClock } from '../order/database-clock.js';
import type { Money } from '../order/money.js';
import type { PaymentOrder } from '../order/payment-order.js';
import type { Proofs } from '../order/requirements.js';
import type { DebitStatus } from '../order/payment-status.js';
import type { CustomerId, DebitKey, PaymentId } from '../order/ids.js';

/** The intent to take the payer's money; its id is the key the ledger knows it by. */
export interface Debit {
  readonly debitId: DebitKey;
  readonly paymentId: PaymentId;
  readonly customerId: CustomerId;
  readonly amount: Money;
  readonly notAfter: Date;
  readonly status: DebitStatus;
  /** False when nobody confirmed it: it only finds out what the ledger knows, and takes nothing. */
  readonly confirmed: boolean;
  readonly tries: number;
  /** Until it is settled: a repetition has to be the same call. */
  readonly proofs?: Proofs;
  /** There are sealed proofs that no key here opens. */
  readonly areProofsUnreadable?: true;
  readonly refusalCode?: string;
  /** The database's clock, carried on from when this was read: a deadline may pass between the reading and the use. */
  readonly clock: DatabaseClock;
}

export interface Confirmation {
  readonly paymentId: PaymentId;
  /** What the payer saw and said yes to. */
  readonly payAmount: Money;
  readonly quoteId?: string;
  readonly proofs?: Proofs;
  /** The customer the order must belong to; absent: any. */
  readonly customerId?: CustomerId;
  readonly actor: string;
  /** How long the confirming request may take to settle the debit before a worker does. */
  readonly leaseMs: number;
}

export interface ConfirmedOrder {
  readonly order: PaymentOrder;
  readonly debit: Debit;
  /** Of the span that decoded the order, where this is its confirm. */
  readonly traceparent?: string;
}

/** Kept as the refusal of a debit that nobody confirmed and the ledger did not know: its key is closed. */
export const NEVER_DEBITED = 'NEVER_DEBITED';

/** Why a person has to check money: it is not back in time, or Alipay+ has not cancelled. */
export const DEBIT_ALARMS = ['REVERSAL_OVERDUE', 'CANCEL_MISSING'] as const;
export type DebitAlarm = (typeof DEBIT_ALARMS)[number];

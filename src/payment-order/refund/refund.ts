import type { DatabaseClock } from '../order/database-clock.js';
import type { Money } from '../order/money.js';
import type { DebitKey, PaymentId, PaymentRequestId, RefundKey } from '../order/ids.js';

/** A refund has an axis of its own: the order stays `PAID`, however much of it was given back. */
export const REFUND_STATUSES = ['REQUESTED', 'REFUNDED', 'REFUSED', 'IN_DOUBT'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** What Alipay+ asks to be given back, as it was read; `content` is what a repetition is held against. */
export interface RefundRequest {
  readonly refundRequestId: string;
  readonly paymentRequestId: PaymentRequestId;
  /** Our own id of the payment, as it was sent to Alipay+. */
  readonly paymentId?: PaymentId;
  /** In the currency of the order. */
  readonly refundAmount: Money;
  /** In the wallet's currency; absent when the two are one currency. */
  readonly refundFromAmount?: Money;
  /** Of an order with a surcharge: all that goes back to the payer. */
  readonly surchargeAmount?: Money;
  readonly quote?: RefundQuote;
  readonly content: string;
}

/** The rate that Alipay+ names for a refund; it should be the order's own. */
export interface RefundQuote {
  readonly quoteId?: string;
  readonly quoteCurrencyPair: string;
  readonly quotePrice: string;
  readonly quoteUnit?: string;
}

/** Why a refund is refused for good, in the words of Alipay+. */
export interface RefundRefusal {
  readonly resultCode: string;
  readonly resultMessage: string;
}

/**
 * One refund as kept. Its id is the key the ledger knows it by; it comes from the ids of Alipay+ alone, so that a refund
 * whose row was lost is asked for under the same key again.
 */
export interface Refund {
  readonly refundId: RefundKey;
  readonly refundRequestId: string;
  readonly paymentRequestId: PaymentRequestId;
  /** Absent when there was no such order. */
  readonly paymentId?: PaymentId;
  readonly status: RefundStatus;
  readonly refundAmount: Money;
  /** What goes back to the payer; absent for a refund that was refused before the ledger was asked. */
  readonly backAmount?: Money;
  readonly refundFromAmount?: Money;
  readonly content: string;
  /** What does not fit among its amounts, although it was let pass. */
  readonly amountFlag?: string;
  readonly refusal?: RefundRefusal;
  /** ISO 8601 with offset, as sent to Alipay+. */
  readonly refundTime?: string;
  readonly tries: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A claimed refund: only its holder asks the ledger. */
export interface ClaimedRefund {
  readonly refundId: RefundKey;
  readonly paymentId: PaymentId;
  /** The key of the debit that the money was taken with. */
  readonly debitKey: DebitKey;
  readonly backAmount: Money;
  readonly tries: number;
  readonly clock: DatabaseClock;
}

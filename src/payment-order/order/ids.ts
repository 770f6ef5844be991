import type { Id } from '../../platform/id.js';

/** Ours, of a payment order. */
export type PaymentId = Id<'PaymentId'>;

/** Alipay+'s, of the same order. */
export type PaymentRequestId = Id<'PaymentRequestId'>;

/** The wallet's, of the payer. */
export type CustomerId = Id<'CustomerId'>;

/** What the ledger knows a debit by; the id of its row. */
export type DebitKey = Id<'DebitKey'>;

/** What the ledger knows a refund by; the id of its row. */
export type RefundKey = Id<'RefundKey'>;

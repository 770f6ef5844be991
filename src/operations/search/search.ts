import type { TimeSort } from './query/list.query.js';
import type { EventFilters } from './query/events.query.js';
import type { NotificationFilters } from './query/notifications.query.js';
import type { PaymentFilters, PaymentSort } from './query/payments.query.js';
import type { ScanFilters } from './query/scans.query.js';

/** The request for one page. */
export interface Search<Filters, Sort extends string> {
  readonly filters: Filters;
  /** Any identifier; it narrows the result like a filter, at any time. */
  readonly q?: string;
  readonly sort: Sort;
  /** From an earlier answer with the same filters and sort. */
  readonly cursor?: string;
  readonly limit: number;
}

export type PaymentSearch = Search<PaymentFilters, PaymentSort>;
export type ScanSearch = Search<ScanFilters, TimeSort>;
export type NotificationSearch = Search<NotificationFilters, TimeSort>;
export type EventSearch = Search<EventFilters, TimeSort>;

/** The kinds of identifier that `q` may be. */
export const ID_KINDS = [
  'paymentId',
  'paymentRequestId',
  'referenceOrderId',
  'customerId',
  'debitId',
  'refundRequestId',
  'refundId',
  'scanId',
  'codeValue',
  'ledgerReference',
  'quoteId',
  'eventId',
  'approvalId',
  'noteId',
] as const;
export type IdKind = (typeof ID_KINDS)[number];

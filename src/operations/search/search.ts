import type {
  NotificationStatus,
  PaymentStatus,
  ScanStatus,
} from '../../payment-order/order/payment-status.js';

/** From inclusive, to exclusive; instants of ISO 8601 in UTC. */
export interface TimeRange {
  readonly from?: string;
  readonly to?: string;
}

/** Every filter that is given has to hold. */
export interface PaymentFilters extends TimeRange {
  readonly paymentId?: string;
  readonly paymentRequestId?: string;
  readonly referenceOrderId?: string;
  readonly customerId?: string;
  readonly acquirerId?: string;
  /** The id of a merchant, or how its name begins, in capitals or not. */
  readonly merchant?: string;
  readonly status?: PaymentStatus;
  /** `NONE`: there is no result yet that could be told. */
  readonly notificationStatus?: NotificationStatus | 'NONE';
  /** What the payer pays in. */
  readonly currency?: string;
  /** Minor units of `currency`, as digits, inclusive. */
  readonly amountMin?: string;
  readonly amountMax?: string;
}

export interface ScanFilters extends TimeRange {
  readonly scanId?: string;
  readonly paymentId?: string;
  readonly customerId?: string;
  readonly status?: ScanStatus;
  readonly resultCode?: string;
}

/** The time is when the result became final. */
export interface NotificationFilters extends TimeRange {
  readonly paymentId?: string;
  readonly paymentRequestId?: string;
  readonly customerId?: string;
  readonly status?: NotificationStatus;
}

export const TIME_SORTS = ['-createdAt', 'createdAt'] as const;
export type TimeSort = (typeof TIME_SORTS)[number];
export const PAYMENT_SORTS = [...TIME_SORTS, '-amount', 'amount'] as const;
export type PaymentSort = (typeof PAYMENT_SORTS)[number];

/** One page that is asked for. */
export interface Search<Filters, Sort extends string> {
  readonly filters: Filters;
  /** Any identifier; what it is found as narrows the answer like a filter, at any time. */
  readonly q?: string;
  readonly sort: Sort;
  /** Of an earlier answer with the same filters and sort. */
  readonly cursor?: string;
  readonly limit: number;
}

export type PaymentSearch = Search<PaymentFilters, PaymentSort>;
export type ScanSearch = Search<ScanFilters, TimeSort>;
export type NotificationSearch = Search<NotificationFilters, TimeSort>;

/** What an identifier was recognised as. */
export const ID_KINDS = [
  'paymentId',
  'paymentRequestId',
  'referenceOrderId',
  'customerId',
  'scanId',
  'codeValue',
] as const;
export type IdKind = (typeof ID_KINDS)[number];

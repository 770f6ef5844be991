import type { JsonObject } from '../wire/json.js';
import { BoundedList } from './bounded-list.js';
import type { MppExchange, Notification, RefundFields } from './twin-event.js';

/** The answers to one code value, and its customer. */
export interface CodeRecord {
  readonly codeValue: string;
  /** The first customer to ask; the code is theirs. */
  readonly customerId: string;
  calls: number;
  maxInFlight: number;
  lastResult: string;
  paymentRequestId: string | null;
}

/** The terms of the order in its first S answer. */
export interface OrderTerms {
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly paymentNotifyUrl: string;
  readonly paymentExpiryTime: unknown;
  readonly orderAmount: unknown;
  readonly paymentAmount: unknown;
  readonly payToAmount: unknown;
  readonly paymentQuote: unknown;
  readonly surchargeInfo: unknown;
}

/** A refund as it was first requested, and its end. */
export interface RefundRecord {
  readonly fields: RefundFields;
  /** The result of the first S or F; null until then. */
  result: string | null;
}

export class OrderRecord {
  readonly paymentRequestId: string;
  /** Null while only a cancel or an inquiry was sent for the id: the MPP never got the order. */
  terms: OrderTerms | null = null;
  readonly codes: CodeRecord[] = [];
  readonly notifications = new BoundedList<Notification>(10, 40);
  readonly cancels = new BoundedList<MppExchange>(10, 20);
  readonly refunds = new BoundedList<MppExchange>(20, 40);
  readonly refundBook = new Map<string, RefundRecord>();
  readonly inquiries = new BoundedList<MppExchange>(10, 40);
  /** The first accepted notification, with which every repeat is compared. */
  firstAccepted: JsonObject | null = null;
  acceptedNotifications = 0;
  acknowledgedResult: string | null = null;
  acknowledgedAtMs: number | null = null;
  isCancelWanted = false;
  isCancelAnswered = false;
  /** Each follow-up is planned once, however often the code is asked for. */
  hasPlannedCancel = false;
  hasPlannedInquiries = false;
  hasPlannedRefunds = false;

  constructor(paymentRequestId: string) {
    this.paymentRequestId = paymentRequestId;
  }

  get status(): OrderStatus {
    if (this.isCancelAnswered) return 'CANCELLED';
    if (this.acknowledgedResult === 'S') return 'PAID';
    if (this.acknowledgedResult !== null) return 'FAILED';
    return this.terms === null ? 'NOT_ISSUED' : 'DECODED';
  }
}

export type OrderStatus = 'NOT_ISSUED' | 'DECODED' | 'PAID' | 'FAILED' | 'CANCELLED';

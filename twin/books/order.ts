import type { JsonObject } from '../wire/json.js';
import { BoundedList } from './bounded-list.js';
import type { MppExchange, Notification, RefundFields } from './twin-event.js';

/** What one code value was asked for, and by whom. */
export interface CodeRecord {
  readonly codeValue: string;
  /** The first customer to ask; the code is theirs. */
  readonly customerId: string;
  calls: number;
  maxInFlight: number;
  lastResult: string;
  paymentRequestId: string | null;
}

/** What was sent about the order in its first S answer. */
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

/** A refund as it was first asked for, and how it ended. */
export interface RefundRecord {
  readonly fields: RefundFields;
  /** The first S or F with what it told; null until then. */
  result: string | null;
}

export class OrderRecord {
  readonly paymentRequestId: string;
  /** Null as long as only a cancel or an inquiry was sent for the id: the MPP never got the order. */
  terms: OrderTerms | null = null;
  readonly codes: CodeRecord[] = [];
  readonly notifications = new BoundedList<Notification>(10, 40);
  readonly cancels = new BoundedList<MppExchange>(10, 20);
  readonly refunds = new BoundedList<MppExchange>(20, 40);
  readonly refundBook = new Map<string, RefundRecord>();
  readonly inquiries = new BoundedList<MppExchange>(10, 40);
  /** The first accepted notification: what every repeat is held against. */
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

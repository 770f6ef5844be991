import type { PaymentOrder } from '../order/payment-order.js';
import type { ScanStatus } from '../order/payment-status.js';
import type { CustomerId, PaymentId } from '../order/ids.js';

/** A code a payer scanned, and the state of its decode. */
export interface Scan {
  readonly scanId: string;
  readonly customerId: CustomerId;
  readonly status: ScanStatus;
  readonly resultCode?: string;
  readonly paymentId?: PaymentId;
  /** Attempts that counted; one that Alipay+ throttled does not. */
  readonly tries: number;
  readonly nextAttemptAt?: Date;
  readonly givesUpAt: Date;
  readonly createdAt: Date;
  /** The database's clock when this was read. */
  readonly readAt: Date;
}

/** All that is known of a scan at one moment. */
export interface ScanWithPayment {
  readonly scan: Scan;
  /** Present once the scan is decoded. */
  readonly payment?: PaymentOrder;
}

/** A claimed scan: no other process asks Alipay+ for it until the lease is over. */
export interface ClaimedScan extends Scan {
  /** The exact bytes of the request; every attempt sends the same. */
  readonly requestBody: Buffer;
  /** The deadline has passed: there is nothing left to ask. */
  readonly isOverdue: boolean;
}

export interface NewScan {
  readonly scanId: string;
  readonly customerId: CustomerId;
  readonly codeHash: Buffer;
  readonly requestBody: Buffer;
  readonly windowMs: number;
  readonly leaseMs: number;
  /** Of the request that brings it, while tracing is on. */
  readonly traceparent?: string | undefined;
}

import type { Scan } from './scan.js';
import type { ScanStatus } from './payment-status.js';

export interface ScanRow {
  readonly scan_id: string;
  readonly customer_id: string;
  readonly status: ScanStatus;
  readonly result_code: string | null;
  readonly payment_id: string | null;
  readonly tries: number;
  readonly next_attempt_at: Date | null;
  readonly gives_up_at: Date;
  readonly created_at: Date;
  readonly now: Date;
}

export function toScan(row: ScanRow): Scan {
  return {
    scanId: row.scan_id,
    customerId: row.customer_id,
    status: row.status,
    tries: row.tries,
    givesUpAt: row.gives_up_at,
    createdAt: row.created_at,
    readAt: row.now,
    ...(row.result_code === null ? {} : { resultCode: row.result_code }),
    ...(row.payment_id === null ? {} : { paymentId: row.payment_id }),
    ...(row.next_attempt_at === null ? {} : { nextAttemptAt: row.next_attempt_at }),
  };
}

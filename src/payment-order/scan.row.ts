import { present } from '../platform/present.js';
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
  return present<Scan>({
    scanId: row.scan_id,
    customerId: row.customer_id,
    status: row.status,
    tries: row.tries,
    givesUpAt: row.gives_up_at,
    createdAt: row.created_at,
    readAt: row.now,
    resultCode: row.result_code,
    paymentId: row.payment_id,
    nextAttemptAt: row.next_attempt_at,
  });
}

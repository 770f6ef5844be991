import { present } from '../../platform/present.js';
import type { ScanStatus } from '../order/payment-status.js';
import type { Scan } from './scan.js';

/** The columns of a scan as every statement returns them; `s` names the row. */
export const SCAN_COLUMNS = `s.scan_id, s.customer_id, s.status, s.result_code, s.payment_id, s.tries,
  s.next_attempt_at, s.gives_up_at, s.created_at`;

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

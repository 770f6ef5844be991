import { selected, type RowOf } from '../../platform/database/columns.js';
import { present } from '../../platform/present.js';
import type { SealedColumn } from '../../platform/sealing/sealed-column.js';
import type { ScanEntity } from './scan.entities.js';
import type { Scan } from './scan.js';

const COLUMNS = [
  'scan_id',
  'customer_id',
  'status',
  'result_code',
  'payment_id',
  'tries',
  'next_attempt_at',
  'gives_up_at',
  'created_at',
] as const satisfies readonly (keyof RowOf<ScanEntity>)[];

/** The columns of a scan as every statement returns them; `s` names the row. */
export const SCAN_COLUMNS = selected('s', COLUMNS);

export interface ScanRow extends Pick<RowOf<ScanEntity>, (typeof COLUMNS)[number]> {
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

/** The request is kept sealed, and only until the scan has ended. */
export const SCAN_REQUEST = {
  table: 'scan',
  column: 'request_body',
  id: 'scan_id',
  idType: 'uuid',
  key: ['scan_id'],
} as const satisfies SealedColumn;

/** What a new scan is begun with, as the statement reads it. */
export const BEGUN_COLUMNS = {
  scan_id: 'uuid',
  customer_id: 'text',
  code_hash: 'bytea',
  request_body: 'bytea',
  window_ms: 'float8',
  lease_ms: 'float8',
  traceparent: 'text',
} as const;

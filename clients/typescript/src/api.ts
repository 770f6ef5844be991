import type { CreateScan, Payment, ScanDecoded, ScanPending } from './api-types.js';

export type * from './api-types.js';

export type PaymentStatus = Payment['status'];
/** What became of a scan that was not refused. */
export type Scan = ScanDecoded | ScanPending;
/** What the payer scanned, and who the payer is. */
export type ScanRequest = CreateScan;

import { refusalFor } from '../../alipay-plus/codes/result-codes.js';
import type { ScanWithPayment } from '../../payment-order/scan/scan.js';
import { refuse, refuseWithResult } from '../payments.problems.js';
import { paymentView } from '../payment/payment.view.js';
import type { ScanDto } from './scan.dto.js';

/** What the app is answered about a scan: status, headers and body, or a problem. */
export interface Answer {
  readonly status: 200 | 201 | 202;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ScanDto;
}

/** @param created whether it answers the request that brought the scan */
export function scanAnswer({ scan, payment }: ScanWithPayment, created: boolean): Answer {
  const { scanId } = scan;
  const location = `/v1/scans/${scanId}`;
  if (payment) {
    return {
      status: created ? 201 : 200,
      headers: { location },
      body: { scanId, status: 'DECODED', payment: paymentView(payment) },
    };
  }
  if (scan.status === 'GIVEN_UP') throw refuse('DECODE_GIVEN_UP', { extra: { scanId, action: 'TRY_AGAIN' } });
  if (scan.status === 'REJECTED') {
    const resultCode = scan.resultCode ?? 'PROCESS_FAIL';
    throw refuseWithResult(resultCode, refusalFor(resultCode), { scanId });
  }
  const nextAttemptAt = scan.nextAttemptAt ?? scan.givesUpAt;
  const waitMs = Math.max(0, nextAttemptAt.getTime() - scan.readAt.getTime());
  return {
    status: 202,
    headers: { location, 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    body: {
      scanId,
      status: 'PENDING',
      nextAttemptAt: nextAttemptAt.toISOString(),
      givesUpAt: scan.givesUpAt.toISOString(),
    },
  };
}

import { refusalFor } from '../../alipay-plus/codes/result-codes.js';
import type { ScanWithPayment } from '../../payment-order/scan/scan.js';
import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import { refuse, refuseWithResult, type PaymentsProblemCode } from '../payments.problems.js';
import { pastOf } from '../payment/confirm-rules.js';
import { refuseAsItStands } from '../payment/refuse-as-it-stands.js';
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
    if (created) mustBeOfUse(payment, scanId);
    return {
      status: created ? 201 : 200,
      headers: { location },
      body: { scanId, status: 'DECODED', payment: paymentView(payment) },
    };
  }
  if (scan.status === 'GIVEN_UP') throw refuse('DECODE_GIVEN_UP', { extra: { scanId } });
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

/**
 * A code whose order is over is refused, and not shown as a payment: it means the same order for ever, so an app that
 * only showed it would lead its payer in a circle.
 */
function mustBeOfUse(payment: PaymentOrder, scanId: string): void {
  const isWaiting = payment.status === 'AWAITING_CONFIRMATION';
  const code = isWaiting ? pastOf(payment) : OVER[payment.status];
  if (code) throw refuseAsItStands(code, payment, { scanId });
}

const OVER: Readonly<Partial<Record<PaymentOrder['status'], PaymentsProblemCode>>> = {
  EXPIRED: 'ORDER_EXPIRED',
  DECLINED: 'ORDER_IS_CLOSED',
  CANCELLED: 'ORDER_IS_CLOSED',
};

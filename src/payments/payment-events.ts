import { refusalFor } from '../alipay-plus/codes/result-codes.js';
import type { EventViews } from '../events/event-views.js';
import type { Scan } from '../payment-order/scan/scan.js';
import { answerOf } from '../platform/present.js';
import type {
  PaymentChangeDto,
  PaymentEventDto,
  RefusedScanDto,
  ScanEventDto,
} from './payment-events.dto.js';
import { paymentView } from './payment/payment.view.js';
import { PAYER_ADVICE } from './payer-advice.js';

/** The content of events: what the wallet's apps are answered, without what only the payer's device needs. */
export const PAYMENT_EVENT_VIEWS: EventViews = {
  payment({ type, at }, { fromStatus, toStatus, refundId }, order): PaymentEventDto {
    const { sdkActionPayload: _forTheDevice, ...payment } = paymentView(order);
    const timestamp = at.toISOString();
    const change = answerOf<PaymentChangeDto>({ fromStatus, toStatus, refundId, at: timestamp });
    return { type, timestamp, data: { customerId: order.customerId, change, payment } };
  },
  scan({ type, at }, scan): ScanEventDto {
    return {
      type,
      timestamp: at.toISOString(),
      data: { customerId: scan.customerId, scan: refusedScan(scan) },
    };
  },
};

function refusedScan({ scanId, status, resultCode, createdAt }: Scan): RefusedScanDto {
  return {
    scanId,
    status,
    createdAt: createdAt.toISOString(),
    ...reasonOf(status === 'REJECTED' ? (resultCode ?? 'PROCESS_FAIL') : undefined),
  };
}

/** As the problem says it that the app was answered. */
function reasonOf(resultCode: string | undefined): Pick<RefusedScanDto, 'code' | 'action' | 'messageKey'> {
  if (resultCode === undefined)
    return {
      code: 'DECODE_GIVEN_UP',
      action: PAYER_ADVICE['scan.no_answer'].action,
      messageKey: 'scan.no_answer',
    };
  const { action, messageKey } = refusalFor(resultCode);
  return { code: resultCode, action, messageKey };
}

import { refusalFor } from '../alipay-plus/codes/result-codes.js';
import type { EventViews } from '../events/event-views.js';
import { paymentView } from './payment/payment.view.js';
import { PAYER_ADVICE } from './payer-advice.js';

/** The content of events: what the wallet's apps are answered, without what only the payer's device needs. */
export const PAYMENT_EVENT_VIEWS: EventViews = {
  payment: (payment) => {
    const { sdkActionPayload: _forTheDevice, ...view } = paymentView(payment);
    return view;
  },
  scan: ({ scanId, status, resultCode, createdAt }) => ({
    scanId,
    status,
    createdAt: createdAt.toISOString(),
    ...reasonOf(status === 'REJECTED' ? (resultCode ?? 'PROCESS_FAIL') : undefined),
  }),
};

/** As the problem says it that the app was answered. */
function reasonOf(resultCode: string | undefined): object {
  if (resultCode === undefined)
    return {
      code: 'DECODE_GIVEN_UP',
      action: PAYER_ADVICE['scan.no_answer'].action,
      messageKey: 'scan.no_answer',
    };
  const { action, messageKey } = refusalFor(resultCode);
  return { code: resultCode, action, messageKey };
}

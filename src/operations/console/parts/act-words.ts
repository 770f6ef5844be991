import { isOperatorAct, type OperatorAct } from '../../../payment-order/operator/operator-action.js';
import { actTitle } from '../../acts/operator-acts.js';
import type { ManualAction } from '../../explain/explanation.dto.js';
import type { PaymentId } from '../../../payment-order/order/ids.js';

/** Names of the things that must not be done by hand, shown beside the acts. */
const MANUAL_TEXTS: Readonly<Record<ManualAction, string>> = {
  'debit-again': 'Debit again',
  'tell-payer-it-failed': 'Tell the payer that it failed',
  'refund-by-hand': 'Refund by hand',
  'pay-anew': 'Start a new payment',
  'change-rows': 'Change rows',
};

/** The title of an act, or of something an operator might be tempted to do. */
export function actionTitle(action: OperatorAct | ManualAction): string {
  return isOperatorAct(action) ? actTitle(action) : MANUAL_TEXTS[action];
}

export function actAddress(paymentId: PaymentId, act: OperatorAct): string {
  return `/console/payments/${paymentId}/acts/${act}`;
}

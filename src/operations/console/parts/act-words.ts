import type { OperatorAct } from '../../../payment-order/operator/operator-action.js';
import type { ManualAction } from '../../explain/explanation.dto.js';

/** What an act is called on a button. */
export const ACT_TEXTS: Readonly<Record<OperatorAct, string>> = {
  redeliver: 'Resend the result',
  'ask-ledger': 'Ask the ledger now',
  close: 'Close the order',
  release: 'Release the order',
};

export const DEED_TEXTS: Readonly<Record<OperatorAct | ManualAction, string>> = {
  ...ACT_TEXTS,
  'debit-again': 'Debit again',
  'tell-payer-it-failed': 'Tell the payer that it failed',
  'refund-by-hand': 'Refund by hand',
  'pay-anew': 'Start a new payment',
  'change-rows': 'Change rows',
};

export function actAddress(paymentId: string, act: OperatorAct): string {
  return `/console/payments/${paymentId}/acts/${act}`;
}

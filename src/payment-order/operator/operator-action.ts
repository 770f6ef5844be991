import type { PaymentId } from '../order/ids.js';

/** What an operator may do to a payment; the word in addresses, in rows and in answers. */
export const OPERATOR_ACTS = ['redeliver', 'ask-ledger', 'close', 'release'] as const;

export type OperatorAct = (typeof OPERATOR_ACTS)[number];

export function isOperatorAct(text: string): text is OperatorAct {
  return OPERATOR_ACTS.some((act) => act === text);
}

/** `ASKED` is an intent: the ledger is called after the commit, and a second row says what it answered. */
export const ACT_OUTCOMES = ['DONE', 'ASKED', 'UNCHANGED', 'REFUSED'] as const;
export type ActOutcome = (typeof ACT_OUTCOMES)[number];

/** One act as it is kept, append-only. */
export interface OperatorAction {
  readonly paymentId: PaymentId;
  /** `operator:` and the name of the token. */
  readonly actor: string;
  readonly act: OperatorAct;
  readonly reason: string;
}

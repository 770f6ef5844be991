import type { AxesStanding, PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { OperatorAct } from '../../payment-order/operator/operator-action.js';
import type { ActCause } from '../acts/act-verdict.js';

/** Whose turn it is. */
export type StepBy = 'payer' | 'service' | 'wallet-ledger' | 'alipay-plus' | 'operator';

export interface Evidence {
  readonly sentence: string;
  readonly at: Date;
  /** The table the sentence was read from. */
  readonly source: string;
}

export interface NextStep {
  readonly what: string;
  readonly by: StepBy;
  /** When it is due; absent when it may happen at any time, or only if somebody wants it. */
  readonly at?: Date;
  /** Until when it can still happen. */
  readonly until?: Date;
  /** The status it leads to, by the transition table; absent when the order stays where it is. */
  readonly leadsTo?: PaymentStatus;
}

/** What people are tempted to do beside the service, and what would break by it. */
export type ManualDeed =
  'debit-again' | 'tell-payer-it-failed' | 'refund-by-hand' | 'pay-anew' | 'change-rows';

export interface Explanation {
  readonly paymentId: string;
  readonly readAt: Date;
  readonly state: AxesStanding;
  /** Where it stands, in a sentence or two. */
  readonly standing: string;
  /** Oldest first. */
  readonly evidence: readonly Evidence[];
  /** Soonest first; what has no time comes last. Empty when it is over. */
  readonly next: readonly NextStep[];
  /** Acts of the service that are possible now; each is safe. */
  readonly mayDo: readonly { readonly act: OperatorAct; readonly effect: string }[];
  /** Acts that would change nothing. */
  readonly needless: readonly { readonly act: OperatorAct; readonly cause: ActCause; readonly why: string }[];
  readonly mustNot: readonly {
    readonly act: OperatorAct | ManualDeed;
    readonly cause?: ActCause;
    readonly why: string;
  }[];
  /** Rows that contradict each other: a fault of the service or of somebody's hand. Empty otherwise. */
  readonly contradictions: readonly string[];
}

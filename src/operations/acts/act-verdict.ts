/** Short words for programs; the sentence beside each is for people. */
export const ACT_CAUSES = [
  'PAID',
  'DEBITING',
  'LEDGER_FIRST',
  'CLOSED_ALREADY',
  'NOT_HELD',
  'HELD_REASON',
  'AMOUNTS_MISSING',
  'CONTENT_CONFLICT',
  'CANCEL_REQUESTED',
  'ORDER_EXPIRED',
  'QUOTE_EXPIRED',
  'NOTHING_TO_ASK',
  'IN_HAND',
  'LEDGER_HAS_SAID',
  'LEDGER_STILL_SILENT',
  'NOT_FINAL',
  'ALREADY_DELIVERED',
  'CONTRADICTION',
  'MOVED_MEANWHILE',
] as const;
export type ActCause = (typeof ACT_CAUSES)[number];

export const VERDICTS = ['possible', 'needless', 'refused'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The effect that an act would have on a payment in its present state. */
export type ActVerdict =
  | { readonly verdict: 'possible'; readonly effect: string }
  /** The payment is already in the state that the act aims for: nothing changes, and that is no error. */
  | { readonly verdict: 'needless'; readonly cause: ActCause; readonly why: string }
  | { readonly verdict: 'refused'; readonly cause: ActCause; readonly why: string };

export interface ActRules {
  /** The order flags that the wallet supports; an order held for one of them may be released. */
  readonly supportedFlags: readonly string[];
}

export function possible(effect: string): ActVerdict {
  return { verdict: 'possible', effect };
}

export function needless(cause: ActCause, why: string): ActVerdict {
  return { verdict: 'needless', cause, why };
}

export function refused(cause: ActCause, why: string): ActVerdict {
  return { verdict: 'refused', cause, why };
}

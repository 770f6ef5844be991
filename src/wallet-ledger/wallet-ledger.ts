import type { Id } from '../platform/id.js';
import type { Origin } from '../platform/tracing/origin.js';

/** `value` is in minor units, at least 1. */
export interface LedgerAmount {
  readonly currency: string;
  readonly value: bigint;
}

/** What the order asks the wallet for besides the money, and the proofs that it was done; absent when nothing. */
export interface LedgerRequirements {
  /** Flags of the network that are raised, such as `needOtpVerification`. */
  readonly flags: readonly string[];
  /** By name, such as `otp`; the ledger judges them, and may refuse as `PROOF_REJECTED`. Never to be logged. */
  readonly proofs: Readonly<Record<string, string>>;
  readonly authorizationInfo?: object;
  readonly passThroughInfo?: string;
}

/** Takes `amount` from the payer's account. */
export interface LedgerDebit {
  /** Names this debit for ever; see `WalletLedger`. */
  readonly key: Id<'DebitKey'>;
  /** The order it pays, by the network's own id: a ledger takes the money of an order once, whatever the keys. */
  readonly paymentRequestId: Id<'PaymentRequestId'>;
  readonly customerId: Id<'CustomerId'>;
  readonly amount: LedgerAmount;
  /** The ledger's own clock decides: a debit that would be recorded after this moment is refused as `TOO_LATE`. */
  readonly notAfter: Date;
  /** For the payer's statement. */
  readonly description: string;
  readonly requirements?: LedgerRequirements;
}

/** Gives back `amount` of what a debit took. */
export interface LedgerRefund {
  /** Names this refund for ever, as the key of a debit names the debit. */
  readonly key: Id<'RefundKey'>;
  /** Of the debit that took the money. */
  readonly debitKey: Id<'DebitKey'>;
  /** In the currency of the debit. */
  readonly amount: LedgerAmount;
  /** For the payer's statement. */
  readonly reason: string;
}

export const LEDGER_REFUSAL_CODES = [
  'INSUFFICIENT_BALANCE',
  'CUSTOMER_NOT_FOUND',
  'CUSTOMER_BLOCKED',
  'LIMIT_EXCEEDED',
  'RISK_REJECTED',
  'TOO_LATE',
  'CURRENCY_NOT_SUPPORTED',
  'ALREADY_DEBITED',
  'PROOF_REJECTED',
  'REFUSED',
] as const;

export type LedgerRefusalCode = (typeof LEDGER_REFUSAL_CODES)[number];

/** `reason` is a short stable word such as `timeout` or `key_content_mismatch`; it is never text of the other side. */
export interface LedgerUnknown {
  readonly outcome: 'unknown';
  readonly reason: string;
}

export type LedgerAnswer =
  | { readonly outcome: 'done'; readonly ledgerReference: string }
  | { readonly outcome: 'refused'; readonly code: LedgerRefusalCode }
  | LedgerUnknown;

export type LedgerLookup =
  /** What was really taken and from whom, by the books. */
  | {
      readonly outcome: 'debited';
      readonly ledgerReference: string;
      readonly customerId: Id<'CustomerId'>;
      readonly amount: LedgerAmount;
    }
  | { readonly outcome: 'reversed'; readonly ledgerReference: string }
  | { readonly outcome: 'refused'; readonly code: LedgerRefusalCode }
  | { readonly outcome: 'absent' }
  | LedgerUnknown;

/** A debit that took money, as the ledger's books show it. */
export interface ListedDebit {
  readonly key: string;
  readonly paymentRequestId: string;
  readonly customerId: string;
  readonly amount: LedgerAmount;
  readonly status: 'debited' | 'reversed';
  readonly bookedAt: Date;
}

/** Those that were booked from `from` on and before `to`. */
export interface DebitWindow {
  readonly from: Date;
  readonly to: Date;
  /** `next` of the page before. */
  readonly after?: string;
}

export type DebitListing =
  | { readonly outcome: 'listed'; readonly debits: readonly ListedDebit[]; readonly next?: string }
  /** This ledger has no such call. */
  | { readonly outcome: 'not_offered' }
  | LedgerUnknown;

/**
 * The payer's money, wherever it is kept.
 *
 * Every method answers, also when the ledger cannot be reached: `unknown` is the third answer beside yes and no, and a
 * time-out or a lost connection is `unknown`, because the money may have moved. It must not be read as a refusal: ask
 * again by the same key until the ledger says what happened. Only a call that breaks this contract itself (an amount
 * below 1, a key that is no key) throws, and then nothing was sent.
 *
 * A key is answered once and keeps its answer for ever. Content is the customer, the currency and the value.
 */
export abstract class WalletLedger {
  /**
   * Repeating it moves nothing and returns the first answer, a refusal included: after a refusal, the next attempt
   * needs another key. The same key with other content is `unknown` with the reason `key_content_mismatch`.
   * Once the key has been reversed or closed, every debit of it is `refused`, so `done` always means that the money
   * is held. An order that was debited under another key, given back or not, is `refused` as `ALREADY_DEBITED`.
   */
  abstract debit(debit: LedgerDebit, origin?: Origin): Promise<LedgerAnswer>;

  /**
   * `absent` means that nothing is recorded yet; a debit still on its way may be recorded later. To be certain, repeat
   * the debit or reverse the key. A key closed before any debit is `refused`.
   */
  abstract lookup(key: Id<'DebitKey'>, origin?: Origin): Promise<LedgerLookup>;

  /**
   * Gives back, once, what `key` debited, less what refunds have given back already; with nothing left it moves nothing.
   * Afterwards no refund of that debit is done. For a key that is absent or refused nothing moves and the answer is `done`
   * too; an absent key is closed for ever, so that a debit that arrives late is refused.
   */
  abstract reverse(key: Id<'DebitKey'>, reason: string, origin?: Origin): Promise<LedgerAnswer>;

  /**
   * Gives back a part of a debit, or all of it, once for each key: repeating it moves nothing and returns the
   * first answer, a refusal included. The same key with another debit, currency or value is `unknown` with the reason
   * `key_content_mismatch`. `refused` when the debit is absent, refused or reversed, and when all its refunds together
   * would exceed it: the ledger never gives back more than it took, whoever asks. A lookup of the debit stays
   * `debited`, with the amount that was taken.
   *
   * ```ts
   * const answer = await ledger.refund({ key: refundId, debitKey, amount: { currency: 'JPY', value: 30n }, reason: 'refund' });
   * if (answer.outcome === 'unknown') askAgainLater(refundId); // the money may have gone back
   * ```
   */
  abstract refund(refund: LedgerRefund, origin?: Origin): Promise<LedgerAnswer>;

  /**
   * What took money in a window, page by page, in an order of the ledger's own; refusals are left out. A ledger need not offer
   * it. Only a repair asks, after records were lost: it finds the debits that no record of ours knows.
   */
  listDebits(_window: DebitWindow): Promise<DebitListing> {
    return Promise.resolve({ outcome: 'not_offered' });
  }
}

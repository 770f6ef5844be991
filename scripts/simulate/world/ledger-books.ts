import type {
  LedgerAnswer,
  LedgerDebit,
  LedgerLookup,
  LedgerRefund,
  LedgerRefusalCode,
} from '../../../src/wallet-ledger/wallet-ledger.js';

const MISMATCH = { outcome: 'unknown', reason: 'key_content_mismatch' } as const;

export interface LedgerEntry {
  readonly key: string;
  readonly paymentRequestId: string;
  readonly debit?: LedgerDebit;
  readonly atMs: number;
  state: 'debited' | 'reversed' | 'refused' | 'closed';
  readonly code?: LedgerRefusalCode;
}

export interface GivenBack {
  readonly refund: LedgerRefund;
  readonly answer: LedgerAnswer;
}

/**
 * The wallet's ledger by its contract: one answer for ever under each key. Only the refusal of a second debit of one
 * order is left out: it would hide a service that sends one.
 */
export class LedgerBooks {
  readonly entries = new Map<string, LedgerEntry>();
  /** Every requested refund, by its key. */
  readonly refunds = new Map<string, GivenBack>();
  private readonly poor = new Set<string>();
  private readonly blocked = new Set<string>();

  constructor(
    private readonly nowMs: () => number,
    private readonly dateOf: (ms: number) => Date,
    /** Called at every debit that took money. */
    private readonly onDebit: (entry: LedgerEntry) => void,
    /** Called at every refund of more than is left of its debit. */
    private readonly onExcess: (refund: LedgerRefund) => void,
    /** Called at every refund that gave money back. */
    private readonly onRefund: (refund: LedgerRefund) => void,
  ) {}

  makePoor(customerId: string): void {
    this.poor.add(customerId);
  }

  topUp(customerId: string): void {
    this.poor.delete(customerId);
  }

  block(customerId: string): void {
    this.blocked.add(customerId);
  }

  debit(debit: LedgerDebit): LedgerAnswer {
    const known = this.entries.get(debit.key);
    if (known) return this.repeated(known, debit);
    const code = this.refusalOf(debit);
    const entry: LedgerEntry = {
      key: debit.key,
      paymentRequestId: debit.paymentRequestId,
      debit,
      atMs: this.nowMs(),
      state: code === undefined ? 'debited' : 'refused',
      ...(code === undefined ? {} : { code }),
    };
    this.entries.set(debit.key, entry);
    if (code !== undefined) return { outcome: 'refused', code };
    this.onDebit(entry);
    return { outcome: 'done', ledgerReference: `entry-${debit.key}` };
  }

  lookup(key: string): LedgerLookup {
    const entry = this.entries.get(key);
    if (!entry) return { outcome: 'absent' };
    if (entry.state === 'debited' && entry.debit) {
      const { customerId, amount } = entry.debit;
      return { outcome: 'debited', ledgerReference: `entry-${key}`, customerId, amount };
    }
    if (entry.state === 'reversed') return { outcome: 'reversed', ledgerReference: `back-${key}` };
    return { outcome: 'refused', code: entry.code ?? 'REFUSED' };
  }

  reverse(key: string): LedgerAnswer {
    const entry = this.entries.get(key);
    if (entry?.state === 'debited') entry.state = 'reversed';
    if (!entry) {
      const atMs = this.nowMs();
      this.entries.set(key, { key, paymentRequestId: '', atMs, state: 'closed' });
    }
    return { outcome: 'done', ledgerReference: `back-${key}` };
  }

  refund(refund: LedgerRefund): LedgerAnswer {
    const known = this.refunds.get(refund.key);
    if (known) return isSameRefund(known.refund, refund) ? known.answer : MISMATCH;
    const debit = this.entries.get(refund.debitKey);
    const left = (debit?.debit?.amount.value ?? 0n) - this.refundedOf(refund.debitKey);
    if (debit?.state === 'debited' && refund.amount.value > left) this.onExcess(refund);
    const isGiven = debit?.state === 'debited' && refund.amount.value <= left;
    const answer: LedgerAnswer = isGiven
      ? { outcome: 'done', ledgerReference: `refund-${refund.key}` }
      : { outcome: 'refused', code: 'REFUSED' };
    this.refunds.set(refund.key, { refund, answer });
    if (isGiven) this.onRefund(refund);
    return answer;
  }

  /** The sum that refunds gave back of a debit; a reversal gives back the rest. */
  refundedOf(debitKey: string): bigint {
    let sum = 0n;
    for (const { refund, answer } of this.refunds.values())
      if (refund.debitKey === debitKey && answer.outcome === 'done') sum += refund.amount.value;
    return sum;
  }

  /** Debits of an order whose money was not given back. */
  heldFor(paymentRequestId: string): readonly LedgerEntry[] {
    return [...this.entries.values()].filter(
      (entry) => entry.paymentRequestId === paymentRequestId && entry.state === 'debited',
    );
  }

  private repeated(known: LedgerEntry, debit: LedgerDebit): LedgerAnswer {
    const { debit: first } = known;
    if (first && (first.amount.value !== debit.amount.value || first.customerId !== debit.customerId)) {
      return MISMATCH;
    }
    if (known.state === 'debited') return { outcome: 'done', ledgerReference: `entry-${known.key}` };
    return { outcome: 'refused', code: known.code ?? 'REFUSED' };
  }

  private refusalOf({ notAfter, customerId }: LedgerDebit): LedgerRefusalCode | undefined {
    if (this.dateOf(this.nowMs()) > notAfter) return 'TOO_LATE';
    if (this.blocked.has(customerId)) return 'CUSTOMER_BLOCKED';
    return this.poor.has(customerId) ? 'INSUFFICIENT_BALANCE' : undefined;
  }
}

function isSameRefund(one: LedgerRefund, other: LedgerRefund): boolean {
  return one.debitKey === other.debitKey && one.amount.value === other.amount.value;
}

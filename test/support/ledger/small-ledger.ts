import {
  WalletLedger,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
  type LedgerRefusalCode,
} from '../../../src/wallet-ledger/wallet-ledger.js';

type Entry =
  | { readonly kind: 'debited' | 'reversed'; readonly debit: LedgerDebit }
  | { readonly kind: 'refused'; readonly code: LedgerRefusalCode }
  | { readonly kind: 'closed' };

export type LedgerCall = `${'debit' | 'lookup' | 'reverse' | 'refund'} ${string}`;

/**
 * The smallest correct wallet ledger: a key is answered once and keeps its answer. A test sets faults on the way to it
 * (`before`) and on the way back (`after`).
 */
export class SmallLedger extends WalletLedger {
  readonly entries = new Map<string, Entry>();
  readonly calls: LedgerCall[] = [];
  /** The refunds, by key. */
  readonly given = new Map<string, LedgerRefund>();
  private readonly refunds = new Map<string, LedgerAnswer>();
  /** The amount that it claims to have taken, if not the requested one. */
  booked: LedgerDebit['amount'] | undefined;
  /** The refusal of new debits. */
  refusal: LedgerRefusalCode | undefined;
  /** Runs before the ledger does its work; a returned value is the answer, and no work is done. */
  before: (call: LedgerCall) => Promise<LedgerUnknownAnswer | void> = async () => undefined;
  /** Runs when the ledger has done its work; a returned value is the answer instead. */
  after: (call: LedgerCall) => Promise<LedgerUnknownAnswer | void> = async () => undefined;

  debit(debit: LedgerDebit): Promise<LedgerAnswer> {
    return this.answer(`debit ${debit.key}`, () => this.take(debit));
  }

  lookup(key: string): Promise<LedgerLookup> {
    return this.answer<LedgerLookup>(`lookup ${key}`, () => this.find(key));
  }

  reverse(key: string): Promise<LedgerAnswer> {
    return this.answer<LedgerAnswer>(`reverse ${key}`, () => {
      const entry = this.entries.get(key);
      if (!entry) this.entries.set(key, { kind: 'closed' });
      if (entry?.kind === 'debited') this.entries.set(key, { kind: 'reversed', debit: entry.debit });
      return { outcome: 'done', ledgerReference: `back-${key}` };
    });
  }

  refund(refund: LedgerRefund): Promise<LedgerAnswer> {
    return this.answer<LedgerAnswer>(`refund ${refund.key}`, () => {
      const known = this.refunds.get(refund.key);
      if (known) return known;
      const given = [...this.given.values()].reduce(
        (sum, one) => sum + (one.debitKey === refund.debitKey ? one.amount.value : 0n),
        0n,
      );
      const debit = this.entries.get(refund.debitKey);
      const isGiven = debit?.kind === 'debited' && given + refund.amount.value <= debit.debit.amount.value;
      const told: LedgerAnswer = isGiven
        ? { outcome: 'done', ledgerReference: `refund-${refund.key}` }
        : { outcome: 'refused', code: 'REFUSED' };
      this.refunds.set(refund.key, told);
      if (isGiven) this.given.set(refund.key, refund);
      return told;
    });
  }

  /** Takes the money under this key and loses its answer; later calls get answers. */
  lose(key: string): void {
    this.after = async (call) => (call === `debit ${key}` ? LOST : undefined);
  }

  /** The debits that it holds now. */
  held(): LedgerDebit[] {
    return [...this.entries.values()].flatMap((entry) => (entry.kind === 'debited' ? [entry.debit] : []));
  }

  callsTo(what: 'debit' | 'lookup' | 'reverse' | 'refund'): string[] {
    return this.calls.filter((call) => call.startsWith(what)).map((call) => call.slice(what.length + 1));
  }

  private take(debit: LedgerDebit): LedgerAnswer {
    if (!this.entries.has(debit.key)) {
      const code = new Date() > debit.notAfter ? 'TOO_LATE' : this.refusal;
      this.entries.set(debit.key, code ? { kind: 'refused', code } : { kind: 'debited', debit });
    }
    const known = this.find(debit.key);
    if (known.outcome === 'debited') return { outcome: 'done', ledgerReference: known.ledgerReference };
    return known.outcome === 'refused' ? known : { outcome: 'refused', code: 'REFUSED' };
  }

  private find(key: string): LedgerLookup {
    const entry = this.entries.get(key);
    if (!entry) return { outcome: 'absent' };
    if (entry.kind === 'refused') return { outcome: 'refused', code: entry.code };
    if (entry.kind === 'closed') return { outcome: 'refused', code: 'REFUSED' };
    const ledgerReference = `ledger-${key}`;
    if (entry.kind === 'reversed') return { outcome: 'reversed', ledgerReference };
    const { customerId, amount } = entry.debit;
    return { outcome: 'debited', ledgerReference, customerId, amount: this.booked ?? amount };
  }

  private async answer<Answer>(call: LedgerCall, deed: () => Answer): Promise<Answer | LedgerUnknownAnswer> {
    this.calls.push(call);
    const lost = await this.before(call);
    if (lost) return lost;
    const answer = deed();
    return (await this.after(call)) ?? answer;
  }
}

export interface LedgerUnknownAnswer {
  readonly outcome: 'unknown';
  readonly reason: string;
}

export const LOST: LedgerUnknownAnswer = { outcome: 'unknown', reason: 'timeout' };

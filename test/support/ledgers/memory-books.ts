import { randomUUID } from 'node:crypto';

export interface DebitAsked {
  readonly key: string;
  readonly paymentRequestId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly value: bigint;
  readonly notAfterMs: number;
}

/** The fields of an answer besides the key. */
export type Told = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export interface KeyRecord {
  readonly content: string | undefined;
  readonly paymentRequestId?: string;
  readonly owner: string;
  readonly value: bigint;
  readonly reference: string;
  readonly bookedAtMs?: number;
  readonly refusal?: string;
  reversal?: string;
}

export interface RefundAsked {
  readonly key: string;
  readonly debitKey: string;
  readonly currency: string;
  readonly value: bigint;
}

export interface RefundRecord {
  readonly content: string;
  readonly debitKey: string;
  readonly value: bigint;
  readonly told: Told;
}

export const UNKNOWN: Told = { status: 'UNKNOWN' };
const ABSENT: Told = { status: 'ABSENT' };
export const refused = (code: string): Told => ({ status: 'REFUSED', code });

/**
 * The smallest implementation of the contract in docs/wallet-ledger.md: a map of balances and a map of keys. Everything
 * between two awaits is one transaction. The broken ledgers override one method each.
 */
export class MemoryBooks {
  readonly balances = new Map<string, bigint>();
  readonly blocked = new Set<string>();
  readonly keys = new Map<string, KeyRecord>();
  readonly refunds = new Map<string, RefundRecord>();

  open(customerId: string, currency: string, value: bigint): void {
    this.balances.set(ownerOf(customerId, currency), value);
  }

  async debit(asked: DebitAsked): Promise<Told> {
    const known = this.keys.get(asked.key);
    return known === undefined ? this.book(asked) : this.repeat(known, asked);
  }

  async lookup(key: string): Promise<Told> {
    const known = this.keys.get(key);
    if (known === undefined) return ABSENT;
    if (known.refusal !== undefined) return refused(known.refusal);
    if (known.reversal !== undefined) return { status: 'REVERSED', ledgerReference: known.reversal };
    const [customerId = '', currency = ''] = known.owner.split(' ');
    const amount = { currency, value: String(known.value) };
    return { status: 'DEBITED', ledgerReference: known.reference, customerId, amount };
  }

  async reverse(key: string): Promise<Told> {
    const known = this.keys.get(key) ?? this.close(key);
    if (known.refusal === undefined && known.reversal === undefined) {
      this.move(known.owner, this.leftOf(key, known));
      known.reversal = randomUUID();
    }
    return { status: 'DONE', ledgerReference: known.reversal ?? known.reference };
  }

  async refund(asked: RefundAsked): Promise<Told> {
    const known = this.refunds.get(asked.key);
    if (known !== undefined) return known.content === refundContentOf(asked) ? known.told : UNKNOWN;
    return this.bookRefund(asked);
  }

  /** The debits of a time range, given back since or not, each with its key. */
  listed(fromMs: number, toMs: number): (readonly [string, KeyRecord])[] {
    return [...this.keys].filter(
      ([, { refusal, bookedAtMs = 0 }]) => refusal === undefined && bookedAtMs >= fromMs && bookedAtMs < toMs,
    );
  }

  protected bookRefund(asked: RefundAsked): Told {
    const debit = this.keys.get(asked.debitKey);
    const isGiven = debit !== undefined && this.mayRefund(asked, debit);
    const told = isGiven ? { status: 'DONE', ledgerReference: randomUUID() } : refused('REFUSED');
    const { debitKey, value } = asked;
    this.refunds.set(asked.key, {
      content: refundContentOf(asked),
      debitKey,
      value: isGiven ? value : 0n,
      told,
    });
    if (isGiven) this.move(debit.owner, value);
    return told;
  }

  protected mayRefund({ debitKey, currency, value }: RefundAsked, debit: KeyRecord): boolean {
    if (debit.refusal !== undefined || debit.reversal !== undefined) return false;
    return debit.owner.endsWith(` ${currency}`) && value <= this.leftOf(debitKey, debit);
  }

  /** The amount of a debit less its refunds. */
  protected leftOf(debitKey: string, { value }: KeyRecord): bigint {
    const refunds = [...this.refunds.values()].filter((one) => one.debitKey === debitKey);
    return refunds.reduce((left, one) => left - one.value, value);
  }

  protected book(asked: DebitAsked): Told {
    const refusal = this.refusalOf(asked);
    const { paymentRequestId, customerId, currency, value } = asked;
    const owner = ownerOf(customerId, currency);
    const record = { content: contentOf(asked), paymentRequestId, owner, value, reference: randomUUID() };
    if (refusal !== undefined) {
      this.keys.set(asked.key, { ...record, refusal });
      return refused(refusal);
    }
    this.keys.set(asked.key, { ...record, bookedAtMs: Date.now() });
    this.move(owner, -value);
    return { status: 'DONE', ledgerReference: record.reference };
  }

  protected repeat(known: KeyRecord, asked: DebitAsked): Told {
    if (known.content === undefined) return refused('REFUSED');
    if (known.content !== contentOf(asked)) return UNKNOWN;
    if (known.refusal !== undefined) return refused(known.refusal);
    if (known.reversal !== undefined) return refused('REFUSED');
    return { status: 'DONE', ledgerReference: known.reference };
  }

  protected refusalOf(asked: DebitAsked): string | undefined {
    const { customerId, currency, value, notAfterMs } = asked;
    if (this.isPaid(asked.paymentRequestId)) return 'ALREADY_DEBITED';
    if (Date.now() > notAfterMs) return 'TOO_LATE';
    if (this.blocked.has(customerId)) return 'CUSTOMER_BLOCKED';
    const balance = this.balances.get(ownerOf(customerId, currency));
    if (balance === undefined)
      return this.isCustomer(customerId) ? 'CURRENCY_NOT_SUPPORTED' : 'CUSTOMER_NOT_FOUND';
    return balance < value ? 'INSUFFICIENT_BALANCE' : undefined;
  }

  /** Whether money was taken for this order, given back or not. */
  protected isPaid(paymentRequestId: string): boolean {
    return [...this.keys.values()].some(
      (known) => known.paymentRequestId === paymentRequestId && known.refusal === undefined,
    );
  }

  protected close(key: string): KeyRecord {
    const closed = { content: undefined, owner: '', value: 0n, reference: randomUUID(), refusal: 'REFUSED' };
    this.keys.set(key, closed);
    return closed;
  }

  protected move(owner: string, change: bigint): void {
    this.balances.set(owner, (this.balances.get(owner) ?? 0n) + change);
  }

  private isCustomer(customerId: string): boolean {
    return [...this.balances.keys()].some((owner) => owner.startsWith(`${customerId} `));
  }
}

export function ownerOf(customerId: string, currency: string): string {
  return `${customerId} ${currency}`;
}

export function refundContentOf({ debitKey, currency, value }: RefundAsked): string {
  return `${debitKey} ${currency} ${value}`;
}

export function contentOf({ customerId, currency, value }: DebitAsked): string {
  return `${customerId} ${currency} ${value}`;
}

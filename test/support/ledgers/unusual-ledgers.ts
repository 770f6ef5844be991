import { MemoryBooks, UNKNOWN, type DebitAsked, type RefundAsked, type Told } from './memory-books.js';

/** Keeps the contract, although it never answers at once: the first call for a key gets UNKNOWN, and is booked. */
export class BooksLater extends MemoryBooks {
  private readonly told = new Set<string>();

  override async debit(asked: DebitAsked): Promise<Told> {
    const told = await super.debit(asked);
    return this.isFirst(`debit ${asked.key}`) ? UNKNOWN : told;
  }

  override async reverse(key: string): Promise<Told> {
    const told = await super.reverse(key);
    return this.isFirst(`reversal ${key}`) ? UNKNOWN : told;
  }

  override async refund(asked: RefundAsked): Promise<Told> {
    const told = await super.refund(asked);
    return this.isFirst(`refund ${asked.key}`) ? UNKNOWN : told;
  }

  private isFirst(call: string): boolean {
    const isFirst = !this.told.has(call);
    this.told.add(call);
    return isFirst;
  }
}

/**
 * Keeps the contract, and lets nobody spend more than 1000 at once, so that balances cannot be measured from outside.
 */
export class LimitsDebits extends MemoryBooks {
  protected override refusalOf(asked: DebitAsked): string | undefined {
    return asked.value > 1000n ? 'LIMIT_EXCEEDED' : super.refusalOf(asked);
  }
}

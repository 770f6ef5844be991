import {
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
  WalletLedger,
} from '../../../src/wallet-ledger/wallet-ledger.js';

const SILENCE = { outcome: 'unknown', reason: 'core_is_silent' } as const;

/** The core of a wallet that does not answer about one customer: the outcome of their debits stays unknown. */
export class SilentCore extends WalletLedger {
  private readonly untold = new Set<string>();

  constructor(
    private readonly ledger: WalletLedger,
    private readonly customerId: string,
  ) {
    super();
  }

  async debit(debit: LedgerDebit): Promise<LedgerAnswer> {
    if (debit.customerId !== this.customerId) return this.ledger.debit(debit);
    this.untold.add(debit.key);
    return SILENCE;
  }

  async lookup(key: string): Promise<LedgerLookup> {
    return this.untold.has(key) ? SILENCE : this.ledger.lookup(key);
  }

  async reverse(key: string, reason: string): Promise<LedgerAnswer> {
    return this.untold.has(key) ? SILENCE : this.ledger.reverse(key, reason);
  }

  async refund(refund: LedgerRefund): Promise<LedgerAnswer> {
    return this.untold.has(refund.debitKey) ? SILENCE : this.ledger.refund(refund);
  }
}

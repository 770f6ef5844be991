import {
  WalletLedger,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
} from '../../../src/wallet-ledger/wallet-ledger.js';
import type { Scheduler } from '../engine/scheduler.js';
import type { SimProcess } from '../engine/sim-process.js';
import type { Faults } from './faults.js';
import type { LedgerBooks } from './ledger-books.js';
import type { Network } from './network.js';

/** Less than the lease of a debit, as with the real adapters. */
const TIMEOUT_MS = 5_000;
const SILENCE = { outcome: 'unknown', reason: 'timeout' } as const;
const MAYBE = { outcome: 'unknown', reason: 'maybe' } as const;

/** Checks that run when a call that moves money is sent, by its key. */
export type Leaves = Readonly<Record<'debit' | 'refund', (key: string) => Promise<void>>>;

/** The client of one process for the ledger. */
export class SimLedger extends WalletLedger {
  constructor(
    private readonly owner: SimProcess,
    private readonly network: Network,
    private readonly books: LedgerBooks,
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
    /** Checks the committed rows when money is moved. */
    private readonly leaves: Leaves,
  ) {
    super();
  }

  override debit(debit: LedgerDebit): Promise<LedgerAnswer> {
    const arrive = (): LedgerAnswer => this.orMaybe(this.books.debit(debit));
    const label = `debit ${debit.key} ${debit.paymentRequestId}`;
    return this.call(label, arrive, () => this.leaves.debit(debit.key));
  }

  override lookup(key: string): Promise<LedgerLookup> {
    return this.call(`lookup ${key}`, (): LedgerLookup => this.orMaybe(this.books.lookup(key)));
  }

  override reverse(key: string, _reason: string): Promise<LedgerAnswer> {
    return this.call(`reverse ${key}`, (): LedgerAnswer => this.orMaybe(this.books.reverse(key)));
  }

  override refund(refund: LedgerRefund): Promise<LedgerAnswer> {
    const arrive = (): LedgerAnswer => this.orMaybe(this.books.refund(refund));
    const label = `refund ${refund.key} of ${refund.debitKey}`;
    return this.call(label, arrive, () => this.leaves.refund(refund.key));
  }

  private orMaybe<Answer>(answer: Answer): Answer | typeof MAYBE {
    return this.scheduler.random.chance(this.faults.ledgerUnknown) ? MAYBE : answer;
  }

  private call<Answer extends { readonly outcome: string }>(
    label: string,
    arrive: () => Answer | typeof MAYBE,
    leaves?: () => Promise<void>,
  ): Promise<Answer | typeof MAYBE | typeof SILENCE> {
    return this.network.call<Answer | typeof MAYBE | typeof SILENCE>({
      from: this.owner,
      to: 'ledger',
      label,
      timeoutMs: TIMEOUT_MS,
      arrive,
      describe: (answer) => ('code' in answer ? `${answer.outcome} ${String(answer.code)}` : answer.outcome),
      silence: () => SILENCE,
      ...(leaves ? { leaves } : {}),
    });
  }
}

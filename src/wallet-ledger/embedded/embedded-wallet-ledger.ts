import { v7 as uuidv7 } from 'uuid';
import { sqlStateOf } from '../../platform/database/conflict-retry.js';
import type { Runner, Statement } from '../../platform/database/database.js';
import type { EventLog } from '../../platform/logging/event-log.js';
import { assertDebit, assertLedgerKey, assertRefund } from '../ledger-call-rules.js';
import {
  WalletLedger,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
  type LedgerUnknown,
} from '../wallet-ledger.js';
import {
  debitAnswer,
  lookupAnswer,
  refundAnswer,
  reversalAnswer,
  type LedgerKeyRow,
  type LedgerRefundRow,
} from './ledger-key-answers.js';
import { DEBIT, LOOKUP, REFUND, REVERSE } from './ledger-statements.js';
import type { Id } from '../../platform/id.js';

type Asked<Row> = { readonly row: Row | undefined } | LedgerUnknown;

/** Every proof is right in a trial but this one, so that a refusal can be seen. */
const WRONG_OTP = '000000';

/** A double-entry ledger in our own PostgreSQL. Every call is one statement, and so one transaction of its own. */
export class EmbeddedWalletLedger extends WalletLedger {
  constructor(
    private readonly database: Runner,
    private readonly log: EventLog,
  ) {
    super();
  }

  async debit(debit: LedgerDebit): Promise<LedgerAnswer> {
    assertDebit(debit);
    if (debit.requirements?.proofs.otp === WRONG_OTP) return this.proofRejected(debit.key);
    const { key, paymentRequestId, customerId, amount, notAfter, description } = debit;
    const { currency, value } = amount;
    const asked = await this.ask<LedgerKeyRow>(DEBIT, [
      uuidv7(),
      key,
      customerId,
      currency,
      value.toString(),
      notAfter,
      description,
      paymentRequestId,
    ]);
    return 'outcome' in asked ? asked : debitAnswer(present(asked.row), debit);
  }

  /** The key is closed, so that no repetition of this debit can take money. */
  private async proofRejected(key: Id<'DebitKey'>): Promise<LedgerAnswer> {
    const closed = await this.reverse(key, 'proof rejected');
    return closed.outcome === 'unknown' ? closed : { outcome: 'refused', code: 'PROOF_REJECTED' };
  }

  async lookup(key: Id<'DebitKey'>): Promise<LedgerLookup> {
    assertLedgerKey(key);
    const asked = await this.ask<LedgerKeyRow>(LOOKUP, [key]);
    return 'outcome' in asked ? asked : lookupAnswer(asked.row);
  }

  async reverse(key: Id<'DebitKey'>, reason: string): Promise<LedgerAnswer> {
    assertLedgerKey(key);
    const asked = await this.ask<LedgerKeyRow>(REVERSE, [uuidv7(), key, reason]);
    return 'outcome' in asked ? asked : reversalAnswer(present(asked.row));
  }

  async refund(refund: LedgerRefund): Promise<LedgerAnswer> {
    assertRefund(refund);
    const { key, debitKey, amount, reason } = refund;
    const { currency, value } = amount;
    const values = [uuidv7(), key, debitKey, currency, value.toString(), reason];
    const asked = await this.ask<LedgerRefundRow>(REFUND, values);
    return 'outcome' in asked ? asked : refundAnswer(present(asked.row), refund);
  }

  /** A database error is `unknown` like any other lost answer: the commit may have happened before it. */
  private async ask<Row>(statement: Statement, values: readonly unknown[]): Promise<Asked<Row>> {
    try {
      const [row] = await this.database.run<Row>(statement, values);
      return { row };
    } catch (error) {
      const reason = `database_${sqlStateOf(error) ?? 'unreachable'}`;
      this.log.error('ledger.database_failed', { statement: statement.name, reason }, error);
      return { outcome: 'unknown', reason };
    }
  }
}

function present<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('the ledger statement answered no row');
  return row;
}

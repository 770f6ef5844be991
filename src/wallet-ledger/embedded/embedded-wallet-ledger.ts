import { v7 as uuidv7 } from 'uuid';
import { sqlStateOf } from '../../platform/database/conflict-retry.js';
import type { Runner, Statement } from '../../platform/database/database.js';
import type { EventLog } from '../../platform/logging/event-log.js';
import { assertDebit, assertLedgerKey, assertRefund } from '../ledger-call-rules.js';
import {
  WalletLedger,
  type DebitListing,
  type DebitWindow,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
  type LedgerUnknown,
} from '../wallet-ledger.js';
import {
  debitAnswer,
  listedDebit,
  lookupAnswer,
  refundAnswer,
  reversalAnswer,
  type LedgerKeyRow,
  type LedgerRefundRow,
  type ListedRow,
} from './ledger-key-answers.js';
import { DEBIT, LIST_DEBITS, LOOKUP, REFUND, REVERSE } from './ledger-statements.js';
import type { Id } from '../../platform/id.js';

type Asked<Row> = { readonly row: Row | undefined } | LedgerUnknown;

const LISTED_AT_ONCE = 100;

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

  override async listDebits({ from, to, after }: DebitWindow): Promise<DebitListing> {
    const rows = await this.askAll<ListedRow>(LIST_DEBITS, [from, to, after ?? null, LISTED_AT_ONCE]);
    if ('outcome' in rows) return rows;
    const last = rows.length < LISTED_AT_ONCE ? undefined : rows.at(-1);
    const debits = rows.map(listedDebit);
    return { outcome: 'listed', debits, ...(last && { next: last.movement_id }) };
  }

  /** A database error is `unknown` like any other lost answer: the commit may have happened before it. */
  private async ask<Row>(statement: Statement, values: readonly unknown[]): Promise<Asked<Row>> {
    const rows = await this.askAll<Row>(statement, values);
    return 'outcome' in rows ? rows : { row: rows[0] };
  }

  private async askAll<Row>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | LedgerUnknown> {
    try {
      return await this.database.run<Row>(statement, values);
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

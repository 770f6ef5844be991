import { v7 as uuidv7 } from 'uuid';
import { sqlStateOf } from '../../platform/database/conflict-retry.js';
import type { Runner, Statement } from '../../platform/database/database.js';
import type { EventLog } from '../../platform/logging/event-log.js';
import { assertDebit, assertLedgerKey } from '../ledger-call-rules.js';
import {
  WalletLedger,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerUnknown,
} from '../wallet-ledger.js';
import { debitAnswer, lookupAnswer, reversalAnswer, type LedgerKeyRow } from './ledger-key-answers.js';
import { DEBIT, LOOKUP, REVERSE } from './ledger-statements.js';

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
    const { key, paymentRequestId, customerId, amount, notAfter, description } = debit;
    const { currency, value } = amount;
    return this.ask(
      DEBIT,
      [uuidv7(), key, customerId, currency, value.toString(), notAfter, description, paymentRequestId],
      (row) => debitAnswer(present(row), debit),
    );
  }

  async lookup(key: string): Promise<LedgerLookup> {
    assertLedgerKey(key);
    return this.ask(LOOKUP, [key], lookupAnswer);
  }

  async reverse(key: string, reason: string): Promise<LedgerAnswer> {
    assertLedgerKey(key);
    return this.ask(REVERSE, [uuidv7(), key, reason], (row) => reversalAnswer(present(row)));
  }

  /** A database error is `unknown` like any other lost answer: the commit may have happened before it. */
  private async ask<Answer>(
    statement: Statement,
    values: readonly unknown[],
    read: (row: LedgerKeyRow | undefined) => Answer,
  ): Promise<Answer | LedgerUnknown> {
    let rows: LedgerKeyRow[];
    try {
      rows = await this.database.run<LedgerKeyRow>(statement, values);
    } catch (error) {
      const reason = `database_${sqlStateOf(error) ?? 'unreachable'}`;
      this.log.error('ledger.database_failed', { statement: statement.name, reason }, error);
      return { outcome: 'unknown', reason };
    }
    return read(rows[0]);
  }
}

function present(row: LedgerKeyRow | undefined): LedgerKeyRow {
  if (row === undefined) throw new Error('the ledger statement answered no row');
  return row;
}

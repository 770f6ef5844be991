import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { DueRow } from '../order/work.js';
import * as sql from './reversal.sql.js';
import type { DebitKey, PaymentId } from '../order/ids.js';

export interface ClaimedReversal extends DueRow {
  readonly paymentId: PaymentId;
}

/** Keeps track of money that has to go back until the ledger has given it back. */
@Injectable()
export class ReversalStore {
  constructor(private readonly database: Database) {}

  async claim(debitId: DebitKey, leaseMs: number, earlyMs: number): Promise<ClaimedReversal | undefined> {
    const values = [debitId, leaseMs, earlyMs];
    const [row] = await this.database.run<DueRow & { payment_id: PaymentId }>(sql.CLAIM_REVERSAL, values);
    return row && { id: row.id, turn: row.turn, paymentId: row.payment_id };
  }

  async reversed(debitId: DebitKey, ledgerReference: string): Promise<boolean> {
    const rows = await this.database.run(sql.REVERSED, [debitId, ledgerReference]);
    return rows.length > 0;
  }

  async postpone(debitId: DebitKey, reason: string, delayMs: number): Promise<DueRow | undefined> {
    const [row] = await this.database.run<DueRow>(sql.POSTPONE_REVERSAL, [debitId, reason, delayMs]);
    return row;
  }
}

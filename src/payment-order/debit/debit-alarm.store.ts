import { Injectable } from '@nestjs/common';
import type { RowOf } from '../../platform/database/columns.js';
import { Database } from '../../platform/database/database.js';
import { RAISE } from './debit-alarm.sql.js';
import type { DebitEntity } from './debit.entities.js';
import type { DebitAlarm } from './debit.js';
import type { DebitKey, PaymentId } from '../order/ids.js';

export interface RaisedDebitAlarm {
  readonly debitId: DebitKey;
  readonly paymentId: PaymentId;
  /** 00:30 at UTC+8 on the day after the debit; it has passed. */
  readonly dueAt: Date;
}

/** Finds money that has passed the end of Alipay+'s day where it should not be. */
@Injectable()
export class DebitAlarmStore {
  constructor(private readonly database: Database) {}

  /** Those that were not reported yet; the caller has to report them. */
  async raise(alarm: DebitAlarm, limit: number): Promise<RaisedDebitAlarm[]> {
    type Row = Pick<RowOf<DebitEntity>, 'debit_id' | 'payment_id'> & { readonly due_at: Date };
    const rows = await this.database.run<Row>(RAISE[alarm], [limit]);
    return rows.map((row) => ({ debitId: row.debit_id, paymentId: row.payment_id, dueAt: row.due_at }));
  }
}

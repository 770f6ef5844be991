import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { areRecordsInQuestion } from '../order/records-in-question.js';
import { LOST_KEYS } from './record-watch.sql.js';

/** What may be missing from our records since they were found to have a gap; see `RecordWatch`. */
@Injectable()
export class LostRecords {
  constructor(private readonly database: Database) {}

  areInQuestion(): Promise<boolean> {
    return areRecordsInQuestion(this.database);
  }

  /** The keys of the first debits that an order had, if it is one of those that were lost. */
  async debitKeysOf(paymentRequestId: string): Promise<string[]> {
    const rows = await this.database.run<{ readonly key: string }>(LOST_KEYS, [paymentRequestId]);
    return rows.map(({ key }) => key);
  }
}

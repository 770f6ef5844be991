import { Injectable } from '@nestjs/common';
import { DebitAlarmStore } from '../payment-order/debit/debit-alarm.store.js';
import { EventLog } from '../platform/logging/event-log.js';

const BATCH = 200;

/** Raises an alarm for money that is not where it should be at the end of Alipay+'s day, once each. */
@Injectable()
export class MoneyAlarms {
  constructor(
    private readonly alarms: DebitAlarmStore,
    private readonly log: EventLog,
  ) {}

  async raise(): Promise<number> {
    const overdue = await this.alarms.raise('REVERSAL_OVERDUE', BATCH);
    for (const { dueAt, ...ids } of overdue) {
      this.log.error('debit.reversal_overdue', { ...ids, dueAt: dueAt.toISOString(), alarm: true });
    }
    const missing = await this.alarms.raise('CANCEL_MISSING', BATCH);
    for (const { dueAt, ...ids } of missing) {
      this.log.error('debit.cancel_missing', { ...ids, dueAt: dueAt.toISOString(), alarm: true });
    }
    return overdue.length + missing.length;
  }
}

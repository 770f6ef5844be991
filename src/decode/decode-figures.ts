import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { ScanStatus } from '../payment-order/order/payment-status.js';
import { Metrics } from '../platform/metrics/metrics.js';

/** What becomes of scans, in numbers. */
@Injectable()
export class DecodeFigures {
  private readonly ends: Counter<'status'>;
  private readonly retries: Counter;
  private readonly usedUp: Counter;

  constructor(metrics: Metrics) {
    this.ends = metrics.counter({
      name: 'scan_ends_total',
      help: 'Scans that this process ended: DECODED, REJECTED by Alipay+, or GIVEN_UP when their window was over.',
      labels: ['status'],
    });
    this.retries = metrics.counter({
      name: 'decode_retries_total',
      help: 'Calls of userInitiatedPay that were not the first of their scan.',
    });
    this.usedUp = metrics.counter({
      name: 'decode_budget_used_up_total',
      help: 'Looks for due scans at which DECODE_RETRY_RATE, or a pause that Alipay+ asked for, allowed no call.',
    });
  }

  ended(status: Exclude<ScanStatus, 'PENDING'>): void {
    this.ends.inc({ status });
  }

  /** @param tries calls that were made for the scan before this one */
  asked(tries: number): void {
    if (tries > 0) this.retries.inc();
  }

  budgetUsedUp(): void {
    this.usedUp.inc();
  }
}

import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { EventLog } from '../../platform/logging/event-log.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { ownFaultOf } from '../codes/result-codes.js';
import type { Exchange } from './exchange.js';

/**
 * Raised when Alipay+ says that the fault is ours. Such an answer often cannot be signed, so it decides nothing about a
 * payment; but further calls will end the same way until the configuration is corrected.
 */
@Injectable()
export class SetupAlarm {
  private readonly answers: Counter<'code'>;

  constructor(
    private readonly log: EventLog,
    metrics: Metrics,
  ) {
    this.answers = metrics.counter({
      name: 'alipayplus_own_setup_faults_total',
      help: 'Answers of Alipay+ that say the fault is ours, by result code.',
      labels: ['code'],
    });
  }

  /** Called with every answer. An accepted one proves that the set-up is right, whatever code stands beside its S. */
  watch(outcome: Exchange<unknown>['outcome'], resultCode: string | undefined): void {
    const fault = ownFaultOf(resultCode);
    if (outcome === 'accepted' || resultCode === undefined || fault === undefined) return;
    this.answers.inc({ code: resultCode });
    this.log.error('alipayplus.own_setup_fault', { resultCode, fault, alarm: true });
  }
}

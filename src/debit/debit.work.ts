import { Injectable } from '@nestjs/common';
import { DebitStore } from '../payment-order/debit/debit.store.js';
import { WORK } from '../payment-order/order/work.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { DEBIT_LEASE_MS, DebitService } from './debit.service.js';
import { RefundService } from './refund.service.js';
import { ReversalService } from './reversal.service.js';
import type { Origin } from '../platform/tracing/origin.js';

/** Background: settles debits and refunds without a definite answer, and gives back what was cancelled. */
@Injectable()
export class DebitWork implements Work {
  readonly name = WORK.debit;
  readonly concurrency = 10;
  private readonly retries;

  constructor(
    private readonly debits: DebitStore,
    private readonly service: DebitService,
    private readonly reversals: ReversalService,
    private readonly refunds: RefundService,
    metrics: Metrics,
  ) {
    this.retries = metrics.counter({
      name: 'money_retries_total',
      help: 'Turns of a worker about money that the request it came with did not settle: a debit, its reversal or a refund.',
      labels: ['kind'],
    });
  }

  /**
   * @param id of a debit, or of a refund
   * @param origin the request that asks for this turn, or the job that does
   */
  async run(id: string, origin?: Origin): Promise<WorkDone> {
    const confirmed = await this.debits.claim(id, DEBIT_LEASE_MS, 250);
    if (confirmed) {
      this.retries.inc({ kind: 'debit' });
      await this.service.resolve(confirmed, origin);
    } else if (await this.reversals.reverse(id, origin)) this.retries.inc({ kind: 'reversal' });
    else if (await this.refunds.resolve(id, origin)) this.retries.inc({ kind: 'refund' });
    return DONE;
  }
}

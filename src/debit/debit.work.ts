import { Injectable } from '@nestjs/common';
import { DebitStore } from '../payment-order/debit/debit.store.js';
import { WORK } from '../payment-order/order/work.js';
import { DONE, type Work, type WorkDone } from '../platform/queues/work.js';
import { DEBIT_LEASE_MS, DebitService } from './debit.service.js';
import { ReversalService } from './reversal.service.js';

/** Background: settles debits without a definite answer, and gives back what was cancelled. */
@Injectable()
export class DebitWork implements Work {
  readonly name = WORK.debit;
  readonly concurrency = 10;

  constructor(
    private readonly debits: DebitStore,
    private readonly service: DebitService,
    private readonly reversals: ReversalService,
  ) {}

  /** @param requestId of the request that asks for this turn; absent when a job does */
  async run(debitId: string, requestId?: string): Promise<WorkDone> {
    const confirmed = await this.debits.claim(debitId, DEBIT_LEASE_MS, 250);
    if (confirmed) await this.service.resolve(confirmed, requestId);
    else await this.reversals.reverse(debitId, requestId);
    return DONE;
  }
}

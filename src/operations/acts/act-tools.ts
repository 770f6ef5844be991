import { Injectable } from '@nestjs/common';
import { DebitWork } from '../../debit/debit.work.js';
import type { OperatorAction } from '../../payment-order/operator/operator-action.js';
import { OperatorActStore } from '../../payment-order/operator/operator-act.store.js';
import { RedeliveryStore } from '../../payment-order/notification/redelivery.store.js';
import { WorkQueues } from '../../platform/queues/work-queues.js';
import type { Origin } from '../../platform/tracing/origin.js';

/** An operator action as it is recorded, with the request that asked for it. */
export interface RequestedAct extends OperatorAction {
  readonly origin: Origin;
}

/** The tools of the acts in `operator-acts.ts`: one place to inject what a new act needs. */
@Injectable()
export class ActTools {
  constructor(
    /** The statements that move an order and record the act in one transaction. */
    readonly store: OperatorActStore,
    /** Makes a notification due again. */
    readonly redeliveries: RedeliveryStore,
    readonly debits: DebitWork,
    /** Only hints: the sweeper also finds what an act makes due. */
    readonly queues: WorkQueues,
  ) {}
}

import { Injectable } from '@nestjs/common';
import { DebitWork } from '../debit/debit.work.js';
import { DecodeService } from '../decode/decode.service.js';
import { EventsService } from '../events/events.service.js';
import { NotifierService } from '../notify/notifier.service.js';
import type { Work } from '../platform/queues/work.js';
import type { WorkName } from '../payment-order/order/work.js';

/** The steps that have work in the background. */
@Injectable()
export class Steps {
  constructor(
    readonly decode: DecodeService,
    readonly debit: DebitWork,
    readonly notify: NotifierService,
    readonly events: EventsService,
  ) {}

  all(): readonly Work[] {
    return [this.decode, this.debit, this.notify, this.events];
  }
}

/** What a sweeper looks for: rows whose work was not woken, scans and orders out of time, cancels that are not finished. */
export type SweepKind = WorkName | 'refund' | 'give_up' | 'expiry' | 'cancel';

/** For how long a taken row is left to its sweeper: as long as its own job was given. */
export function restMs(graceMs: number): number {
  return Math.max(graceMs, 1_000);
}

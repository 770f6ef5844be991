import { Injectable } from '@nestjs/common';
import { DebitWork } from '../debit/debit.work.js';
import { DecodeService } from '../decode/decode.service.js';
import { NotifierService } from '../notify/notifier.service.js';
import type { Work } from '../platform/queues/work.js';

/** The steps that have work in the background. */
@Injectable()
export class Steps {
  constructor(
    readonly decode: DecodeService,
    readonly debit: DebitWork,
    readonly notify: NotifierService,
  ) {}

  all(): readonly Work[] {
    return [this.decode, this.debit, this.notify];
  }
}

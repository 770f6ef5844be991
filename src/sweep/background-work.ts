import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RuntimeSettings } from '../platform/config/runtime.settings.js';
import { ClockLimit } from '../platform/clock/clock-limit.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { Steps } from './steps.js';
import { SweeperService } from './sweeper.service.js';

/**
 * Begins what waits in the background once every module is there, in a process whose role does it. It ends by the hooks
 * of the queues and of the sweeper.
 */
@Injectable()
export class BackgroundWork implements OnApplicationBootstrap {
  constructor(
    private readonly runtime: RuntimeSettings,
    private readonly queues: WorkQueues,
    private readonly steps: Steps,
    private readonly sweeper: SweeperService,
    private readonly clock: ClockLimit,
  ) {}

  onApplicationBootstrap(): void {
    if (this.runtime.role === 'api') return;
    this.clock.follow((isBeyond) => this.queues.rest(isBeyond));
    for (const work of this.steps.all()) this.queues.start(work);
    this.sweeper.start();
  }
}

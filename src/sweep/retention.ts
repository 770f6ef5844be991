import { Injectable } from '@nestjs/common';
import { SweepStore } from '../payment-order/sweep/sweep.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { WorkQueues } from '../platform/queues/work-queues.js';
import { RetentionSettings } from './retention.settings.js';
import { RowRetention } from './row-retention.js';
import { Steps } from './steps.js';

/** Longer than anything rests, and than an alarm is not repeated. */
const RESTS_MS = 2 * 3_600_000;
const RESTS_BATCH = 10_000;
const HOUR_MS = 3_600_000;

/** Deletes what is no longer needed, so that only the records of payments grow. */
@Injectable()
export class Retention {
  constructor(
    private readonly sweeps: SweepStore,
    private readonly rows: RowRetention,
    private readonly queues: WorkQueues,
    private readonly steps: Steps,
    private readonly settings: RetentionSettings,
    private readonly log: EventLog,
  ) {}

  async prune(): Promise<void> {
    await this.sweeps.forget(RESTS_MS, RESTS_BATCH);
    await this.forgetFailedJobs();
    await this.rows.prune();
    const events = await this.steps.events.forget();
    if (events > 0) this.log.event('event.forgotten', { events });
  }

  /** The queue itself only lets go of old ones when another one fails. */
  private async forgetFailedJobs(): Promise<void> {
    for (const { name } of this.steps.all()) {
      const jobs = await this.queues.forgetFailed(name, this.settings.failedJobHours * HOUR_MS);
      if (jobs > 0) this.log.event('queue.pruned', { queue: name, jobs });
    }
  }
}

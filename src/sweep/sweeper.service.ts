import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventLog } from '../platform/logging/event-log.js';
import { Expiry } from './expiry.js';
import { SweepSettings } from './sweep.settings.js';
import { Wakers } from './wakers.js';

/**
 * Looks after what stands still. Rows say when they are due; a job that should have come and did not is the sweeper's
 * business, so that losing every job, or the whole queue, loses nothing.
 */
@Injectable()
export class SweeperService implements BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly wakers: Wakers,
    private readonly expiry: Expiry,
    private readonly settings: SweepSettings,
    private readonly log: EventLog,
  ) {}

  start(): void {
    this.running ??= this.sweepOn();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  /** One look at everything; returns how many rows were woken or closed. */
  async sweepOnce(): Promise<number> {
    const woken = await this.wakers.wakeDue(this.settings.graceMs);
    const closed = await this.expiry.closeExpired();
    return woken + closed + (await this.expiry.finishCancels());
  }

  private async sweepOn(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        const found = await this.sweepOnce();
        if (found > 0) this.log.event('sweep.found', { rows: found });
      } catch (error) {
        // The database may be away; the rows are still due when it is back.
        this.log.error('sweep.failed', {}, error);
      }
      await sleep(this.settings.intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

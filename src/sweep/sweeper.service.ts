import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClockLimit } from '../platform/clock/clock-limit.js';
import { EventLog } from '../platform/logging/event-log.js';
import { saysUnreachable } from '../platform/logging/unreachable.js';
import { DecodeBacklog } from './decode-backlog.js';
import { SweepPlan, type Sweep } from './sweep-plan.js';
import { SweepSettings } from './sweep.settings.js';

/** Between two queries while more is waiting than one query may claim: short, so that calls go out evenly. */
const BEHIND_MS = 100;

/**
 * Finds rows that are due although no job came for them, so that losing every job, or the whole queue, loses nothing.
 * Any number of sweepers may run at the same time.
 */
@Injectable()
export class SweeperService implements BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly plan: SweepPlan,
    private readonly backlog: DecodeBacklog,
    private readonly settings: SweepSettings,
    private readonly log: EventLog,
    private readonly clock: ClockLimit,
  ) {}

  /** Each kind has a loop of its own: while the queue is away, a slow Alipay+ must not keep debits waiting. */
  start(): void {
    // Each loop waits on the same signal, and Node warns of more than ten.
    setMaxListeners(this.plan.sweeps.length, this.stopped.signal);
    this.running ??= Promise.all(this.plan.sweeps.map((one) => this.repeat(one)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
    await this.backlog.finish();
  }

  /** One query for every kind; returns how many rows were woken, reported or closed. */
  async sweepOnce(): Promise<number> {
    const found = await Promise.all(this.plan.sweeps.map(({ run }) => run()));
    return found.reduce((sum, rows) => sum + rows, 0);
  }

  private async repeat({ kind, run, isBehind }: Sweep): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        const found = this.clock.isBeyond ? 0 : await run();
        if (found > 0) this.log.event('sweep.found', { kind, rows: found });
      } catch (error) {
        // The database may be away; the rows are still due when it is back.
        // One outage is one thing to say, however many kinds there are.
        const reason = saysUnreachable(error) ? 'unreachable' : undefined;
        this.log.error('sweep.failed', { kind, reason }, error);
      }
      const { intervalMs } = this.settings;
      const waitMs = isBehind?.() === true ? Math.min(BEHIND_MS, intervalMs) : intervalMs;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

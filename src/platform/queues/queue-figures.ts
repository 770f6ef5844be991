import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { WorkQueues } from './work-queues.js';

/** The queues as this process sees them. What waits in one is the same for all; whether it can be reached is its own. */
@Injectable()
export class QueueFigures implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly queues: WorkQueues,
  ) {}

  onModuleInit(): void {
    this.registerContents();
    this.registerReach();
  }

  private registerContents(): void {
    this.metrics.gauge({
      name: 'queue_jobs',
      help: 'Jobs in a queue, by state; a job is only a hint that a row is due.',
      labels: ['queue', 'state'],
      collect: (gauge) =>
        this.ofEach(async (queue) => {
          const counts = await this.queues.counts(queue);
          for (const [state, count] of Object.entries(counts)) gauge.set({ queue, state }, count);
        }),
    });
    this.metrics.gauge({
      name: 'queue_oldest_wait_seconds',
      help: 'How long the oldest job of a queue has waited for a worker; 0 when none waits.',
      labels: ['queue'],
      collect: (gauge) =>
        this.ofEach(async (queue) => gauge.set({ queue }, (await this.queues.oldestWaitMs(queue)) / 1_000)),
    });
  }

  private registerReach(): void {
    const { watch } = this.queues;
    this.metrics.gauge({
      name: 'queue_failing',
      help: 'Whether the last try of this process to add or take a job failed: 1 or 0.',
      labels: ['queue', 'deed'],
      collect: (gauge) => {
        for (const { queue, deed, trouble } of watch.tried()) gauge.set({ queue, deed }, trouble ? 1 : 0);
      },
    });
    this.metrics.gauge({
      name: 'queue_last_success_age_seconds',
      help: 'How long ago this process last added a job, or asked for one and was answered.',
      labels: ['queue', 'deed'],
      collect: (gauge) => {
        for (const { queue, deed, succeededAtMs } of watch.tried())
          if (succeededAtMs !== undefined) gauge.set({ queue, deed }, (Date.now() - succeededAtMs) / 1_000);
      },
    });
    this.metrics.readCounter(
      {
        name: 'queue_failures_total',
        help: 'Tries of this process to add or take a job that failed; the sweeper finds what they were for.',
        labels: ['queue', 'deed'],
      },
      () => watch.tried().map(({ queue, deed, failures }) => [failures, { queue, deed }] as const),
    );
  }

  /** Those this process has to do with. */
  private async ofEach(look: (queue: string) => Promise<unknown>): Promise<void> {
    const names = new Set(this.queues.watch.tried().map(({ queue }) => queue));
    await Promise.all([...names].map(look));
  }
}

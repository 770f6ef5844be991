import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { ReadingPool } from '../database/reading-pool.js';
import { Metrics } from '../metrics/metrics.js';
import { WorkQueues } from '../queues/work-queues.js';
import { HealthProbes } from './health-probes.js';
import { PoolWatch } from './pool-watch.js';
import { Readiness } from './readiness.js';

/**
 * Readiness asks for what the whole service stands on: without its records it can do nothing, without queues it is slower.
 * Queues are judged by the last real add and take of each, because a ping is answered by a server that takes no jobs.
 */
@Injectable()
export class PartProbes implements OnModuleInit {
  private readonly pools: Readonly<Record<'work' | 'reading', PoolWatch>>;

  constructor(
    private readonly probes: HealthProbes,
    private readonly database: Database,
    private readonly queues: WorkQueues,
    private readonly reading: ReadingPool,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
  ) {
    this.pools = { work: new PoolWatch(database.pool), reading: new PoolWatch(reading.pool) };
  }

  onModuleInit(): void {
    const { backend, watch } = this.queues;
    this.probes.register({
      name: 'database',
      required: true,
      check: async () => {
        await this.database.run({ name: 'health', text: 'select 1' }, []);
      },
      sinceMs: () => this.pools.work.failingSinceMs,
    });
    this.probes.register({
      name: 'reading',
      required: false,
      check: async () => {
        // On a quiet day nobody else would find out that it is over.
        if (this.pools.reading.failingSinceMs !== undefined) await this.reading.pool.query('select 1');
      },
      sinceMs: () => this.pools.reading.failingSinceMs,
    });
    this.probes.register({
      name: 'queues',
      required: false,
      check: async () => {
        const [trouble] = watch.troubles();
        if (trouble) throw new Error(`cannot ${trouble.deed} jobs of ${trouble.queue}: ${trouble.reason}`);
        await backend.ping();
      },
      sinceMs: () => watch.troubles()[0]?.sinceMs,
    });
    this.registerFigures();
  }

  private registerFigures(): void {
    this.metrics.gauge({
      name: 'health_part_up',
      help: 'Whether a part that this process needs is there: 1 or 0.',
      labels: ['part'],
      collect: async (gauge) => {
        const { checks } = await this.readiness.report();
        for (const [part, state] of Object.entries(checks)) gauge.set({ part }, state === 'up' ? 1 : 0);
      },
    });
    this.metrics.gauge({
      name: 'database_last_statement_age_seconds',
      help: 'How long ago the last statement on a pool of connections was answered.',
      labels: ['pool'],
      collect: (gauge) => {
        for (const [pool, watch] of Object.entries(this.pools)) gauge.set({ pool }, watch.ageSeconds);
      },
    });
    this.metrics.gauge({
      name: 'queue_failing',
      help: 'Whether the last try of this process to add or take a job failed: 1 or 0.',
      labels: ['queue', 'deed'],
      collect: (gauge) => {
        for (const { queue, deed, trouble } of this.queues.watch.tried())
          gauge.set({ queue, deed }, trouble ? 1 : 0);
      },
    });
    this.metrics.gauge({
      name: 'queue_last_success_age_seconds',
      help: 'How long ago this process last added a job, or asked for one and was answered.',
      labels: ['queue', 'deed'],
      collect: (gauge) => {
        for (const { queue, deed, succeededAtMs } of this.queues.watch.tried())
          if (succeededAtMs !== undefined) gauge.set({ queue, deed }, (Date.now() - succeededAtMs) / 1_000);
      },
    });
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { Database } from '../database/database.js';
import { ReadingPool } from '../database/reading-pool.js';
import { Metrics } from '../metrics/metrics.js';
import { WorkQueues } from '../queues/work-queues.js';
import { HealthProbes } from './health-probes.js';
import { PoolWatch, waitingFor } from './pool-watch.js';
import { Readiness } from './readiness.js';

interface WatchedPool {
  readonly pool: Pool;
  readonly watch: PoolWatch;
}

type WatchedPools = Readonly<Record<'work' | 'reading', WatchedPool>>;

/**
 * Readiness asks for what the whole service stands on: without its records it can do nothing, without queues it is slower.
 * Queues are judged by the last real add and take of each, because a ping is answered by a server that takes no jobs.
 */
@Injectable()
export class PartProbes implements OnModuleInit {
  private readonly pools: WatchedPools;

  constructor(
    private readonly probes: HealthProbes,
    private readonly database: Database,
    private readonly queues: WorkQueues,
    private readonly reading: ReadingPool,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
  ) {
    const watched = ({ pool }: Pick<Database, 'pool'>) => ({ pool, watch: new PoolWatch(pool) });
    this.pools = { work: watched(database), reading: watched(reading) };
  }

  onModuleInit(): void {
    const { backend, watch } = this.queues;
    this.probes.register({
      name: 'database',
      required: true,
      check: async () => {
        await this.database.run({ name: 'health', text: 'select 1' }, []);
      },
      sinceMs: () => this.pools.work.watch.failingSinceMs,
    });
    this.probes.register({
      name: 'reading',
      required: false,
      check: async () => {
        // On a quiet day nothing else would notice that the outage is over.
        if (this.pools.reading.watch.failingSinceMs !== undefined) await this.reading.pool.query('select 1');
      },
      sinceMs: () => this.pools.reading.watch.failingSinceMs,
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
    registerPools(this.metrics, this.pools);
  }
}

/** The pools of connections to PostgreSQL, in numbers. */
function registerPools(metrics: Metrics, pools: WatchedPools): void {
  metrics.gauge({
    name: 'database_last_statement_age_seconds',
    help: 'How long ago the last statement on a pool of connections was answered.',
    labels: ['pool'],
    collect: (gauge) => {
      for (const [name, { watch }] of Object.entries(pools)) gauge.set({ pool: name }, watch.ageSeconds);
    },
  });
  metrics.gauge({
    name: 'database_pool_connections',
    help: 'Connections of a pool: in_use by a statement or transaction, idle, and the most it may open.',
    labels: ['pool', 'state'],
    collect: (gauge) => {
      for (const [name, { pool }] of Object.entries(pools)) {
        const states = {
          in_use: pool.totalCount - pool.idleCount,
          idle: pool.idleCount,
          most: pool.options.max,
        };
        for (const [state, count] of Object.entries(states)) gauge.set({ pool: name, state }, count);
      }
    },
  });
  metrics.gauge({
    name: 'database_pool_waiting',
    help: 'Statements that wait because every connection of the pool is in use.',
    labels: ['pool'],
    collect: (gauge) => {
      for (const [name, { pool }] of Object.entries(pools)) gauge.set({ pool: name }, waitingFor(pool));
    },
  });
}

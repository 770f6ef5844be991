import type { Pool } from 'pg';
import type { Metrics } from '../metrics/metrics.js';
import type { PoolWatch } from './pool-watch.js';

interface WatchedPool {
  readonly pool: Pool;
  readonly watch: PoolWatch;
}

export type WatchedPools = Readonly<Record<'work' | 'reading', WatchedPool>>;

/** The pools of connections to PostgreSQL, in numbers. */
export function registerPools(metrics: Metrics, pools: WatchedPools): void {
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
      for (const [name, { pool }] of Object.entries(pools)) gauge.set({ pool: name }, pool.waitingCount);
    },
  });
}

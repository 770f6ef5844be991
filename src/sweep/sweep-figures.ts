import { Injectable } from '@nestjs/common';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Late } from '../payment-order/sweep/sweep.store.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { SweepKind } from './steps.js';

/** Up to a second past its grace is usual; minutes mean that no sweeper runs. */
const LAG_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200];

/** How far behind the sweeper is, in numbers. */
@Injectable()
export class SweepFigures {
  private readonly rows: Counter<'kind'>;
  private readonly lag: Histogram<'kind'>;
  private readonly oldest: Gauge<'kind'>;

  constructor(metrics: Metrics) {
    this.rows = metrics.counter({
      name: 'sweep_rows_total',
      help: 'Overdue rows that a sweeper claimed, by what they waited for.',
      labels: ['kind'],
    });
    this.lag = metrics.histogram({
      name: 'sweep_lag_seconds',
      help: 'How long a row had been due when a sweeper took it in hand.',
      labels: ['kind'],
      buckets: LAG_SECONDS,
    });
    this.oldest = metrics.gauge({
      name: 'sweep_oldest_lag_seconds',
      help: 'How long the oldest row had been due that the last query of this process took; 0 when it found none.',
      labels: ['kind'],
    });
  }

  /** @param rows what one query took, the longest waiting first */
  looked(kind: SweepKind, rows: readonly Late[]): void {
    this.oldest.set({ kind }, (rows[0]?.lateMs ?? 0) / 1_000);
    this.rows.inc({ kind }, rows.length);
    for (const { lateMs } of rows) this.lag.observe({ kind }, lateMs / 1_000);
  }
}

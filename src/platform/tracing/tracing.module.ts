import { type DynamicModule, Module } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { Tracing } from './tracing.js';

/** Gives the whole application the one that `main.ts` opened before there was an application. */
@Module({})
export class TracingModule {
  constructor(tracing: Tracing, metrics: Metrics) {
    metrics.readCounter(
      {
        name: 'traces_spans_total',
        help: 'Recorded spans by what became of them: exported, failed at the collector, or dropped because too many waited.',
        labels: ['outcome'],
      },
      () =>
        Object.entries(tracing.counts ?? {}).map(
          ([outcome, count]) => [count as number, { outcome }] as const,
        ),
    );
  }

  static forRoot(tracing: Tracing): DynamicModule {
    return {
      module: TracingModule,
      global: true,
      providers: [{ provide: Tracing, useValue: tracing }],
      exports: [Tracing],
    };
  }
}

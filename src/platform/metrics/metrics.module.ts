import { Global, Module } from '@nestjs/common';
import { EventLog } from '../logging/event-log.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

@Global()
@Module({ controllers: [MetricsController], providers: [Metrics, HttpMetrics], exports: [Metrics] })
export class MetricsModule {
  constructor(metrics: Metrics, log: EventLog) {
    const help = 'Lines of the log that were dropped because its reader did not keep up.';
    metrics.readCounter({ name: 'log_lines_dropped_total', help }, () => log.droppedLines);
  }
}

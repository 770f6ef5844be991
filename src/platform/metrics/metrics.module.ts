import { setImmediate as nextTurn } from 'node:timers/promises';
import { Global, Module, Controller, Get, Header } from '@nestjs/common';
import { EventLog } from '../logging/event-log.js';
import { HttpMetrics } from './http-metrics.js';
import { figuresOfProcess, Metrics } from './metrics.js';
import { Public } from '../auth/access.decorators.js';
import { ApiExcludeController } from '../http/api-description.js';

/** What Prometheus reads. Public like the health checks: the scraper is inside the network and has no token. */
@Controller('metrics')
@ApiExcludeController()
@Public()
class MetricsController {
  private nextScrape: Promise<string> | undefined;

  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    this.nextScrape ??= this.scrapeOnce();
    return this.nextScrape;
  }

  /** Once in a turn of the event loop, for all who ask in it: it takes some ms, and anybody may ask. */
  private async scrapeOnce(): Promise<string> {
    await nextTurn();
    this.nextScrape = undefined;
    return this.metrics.text();
  }
}

@Global()
@Module({ controllers: [MetricsController], providers: [Metrics, HttpMetrics], exports: [Metrics] })
export class MetricsModule {
  constructor(metrics: Metrics, log: EventLog) {
    // From now on, and not from the first scrape.
    figuresOfProcess();
    const help = 'Lines of the log that were dropped because its reader did not keep up.';
    metrics.readCounter({ name: 'log_lines_dropped_total', help }, () => [[log.droppedLines, {}]]);
    metrics.readCounter(
      { name: 'alarms_total', help: 'Alarms in the log of this process, by their event.', labels: ['event'] },
      () => [...log.alarms].map(([event, { count }]) => [count, { event }] as const),
    );
    metrics.gauge({
      name: 'alarm_last_timestamp_seconds',
      help: 'When this process last raised an alarm in its log, by its event; now, while its fault lasts.',
      labels: ['event'],
      collect: (gauge) => {
        for (const [event, { atMs }] of log.alarms) gauge.set({ event }, atMs / 1_000);
      },
    });
  }
}

import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../auth/public.decorator.js';
import { ApiExcludeController } from '../http/api-description.js';
import { Metrics } from './metrics.js';

/** What Prometheus reads. Public like the health checks: whoever scrapes sits inside the network and has no token. */
@Controller('metrics')
@ApiExcludeController()
@Public()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

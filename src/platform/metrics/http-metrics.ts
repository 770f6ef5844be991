import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { routePattern } from '../http/route-pattern.js';
import { Metrics } from './metrics.js';

/** From a look-up in memory to the longest of long polls. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** How long answers take, by route pattern: a label per address would make a series per caller. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
  ) {}

  onModuleInit(): void {
    const duration = this.metrics.histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer.',
      labels: ['method', 'route', 'status_class'],
      buckets: BUCKETS_SECONDS,
    });
    this.host.httpAdapter.getInstance().addHook('onResponse', (request, reply, done) => {
      const statusClass = `${Math.trunc(reply.statusCode / 100)}xx`;
      const labels = { method: request.method, route: routePattern(request), status_class: statusClass };
      duration.observe(labels, reply.elapsedTime / 1_000);
      done();
    });
  }
}

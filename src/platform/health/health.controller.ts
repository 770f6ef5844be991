import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator.js';
import { ApiExcludeController } from '../http/api-description.js';
import { Readiness, type ReadinessReport, type ReadinessStatus } from './readiness.js';

const HTTP_STATUS: Readonly<Record<ReadinessStatus, number>> = {
  ok: 200,
  degraded: 200,
  unavailable: 503,
  stopping: 503,
};

@Controller('health')
@ApiExcludeController()
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Answers as long as the process can answer at all; a lost database is no reason to be restarted. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    reply.code(HTTP_STATUS[report.status]);
    return report;
  }
}

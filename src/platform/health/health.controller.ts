import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorators.js';
import { ApiOneOf, ApiOperation, ApiResponse, ApiTags } from '../http/api-description.js';
import { Readiness, ReadinessDto, type ReadinessStatus } from './readiness.js';

const HTTP_STATUS: Readonly<Record<ReadinessStatus, number>> = {
  ok: 200,
  degraded: 200,
  unavailable: 503,
  stopping: 503,
};

class LivenessDto {
  @ApiOneOf(['ok']) readonly status!: 'ok';
}

@ApiTags('health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Answers as long as the process can answer at all; a lost database is no reason to be restarted. */
  @Get('live')
  @ApiOperation({
    operationId: 'getLiveness',
    description: 'Asks nothing outside the process.',
    summary: 'Whether the process runs',
  })
  @ApiResponse({ status: 200, description: 'It runs.', type: LivenessDto })
  live(): LivenessDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'getReadiness',
    description: 'Each part with its state; a load balancer goes by the HTTP status.',
    summary: 'Whether this process should be sent work now',
  })
  @ApiResponse({ status: 200, description: '`ok` or `degraded`.', type: ReadinessDto })
  @ApiResponse({ status: 503, description: '`unavailable` or `stopping`.', type: ReadinessDto })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessDto> {
    const report = await this.readiness.report();
    reply.code(HTTP_STATUS[report.status]);
    return report;
  }
}

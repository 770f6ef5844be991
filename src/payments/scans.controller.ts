import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../platform/auth/caller.js';
import { CurrentCaller } from '../platform/auth/current-caller.decorator.js';
import { RequireScope } from '../platform/auth/require-scope.decorator.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../platform/http/api-description.js';
import { PAYMENTS_WRITE } from './caller.js';
import { CreateScanDto } from './dto/create-scan.dto.js';
import { ProblemDto, ScanDecodedDto, ScanPendingDto } from './dto/answers.dto.js';
import { WaitQuery } from './dto/wait.query.js';
import { KnownIdPipe } from './known-id.pipe.js';
import { scanAnswer, type Answer } from './scan.answer.js';
import { ScansService } from './scans.service.js';

@ApiTags('scans')
@ApiBearerAuth()
@Controller('v1/scans')
@RequireScope(PAYMENTS_WRITE)
export class ScansController {
  constructor(private readonly scans: ScansService) {}

  @Post()
  @ApiOperation({ summary: 'Tell us what the payer scanned' })
  @ApiResponse({
    status: 201,
    description: 'Decoded: show the payment and let the payer confirm.',
    type: ScanDecodedDto,
  })
  @ApiResponse({ status: 202, description: 'Not known yet: poll `Location`.', type: ScanPendingDto })
  @ApiResponse({ status: 400, description: 'Every bad field and its rule.', type: ProblemDto })
  @ApiResponse({ status: 409, description: 'REPEAT_REQ_INCONSISTENT: the code is in use.', type: ProblemDto })
  @ApiResponse({
    status: 422,
    description: 'Alipay+ said no; `action` tells the app what to do.',
    type: ProblemDto,
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() scan: CreateScanDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown>> {
    return send(reply, scanAnswer(await this.scans.create(caller, scan), true));
  }

  @Get(':scanId')
  @ApiOperation({ summary: 'What became of a scan; `waitMs` long-polls' })
  @ApiResponse({ status: 200, description: 'Decoded.', type: ScanDecodedDto })
  @ApiResponse({ status: 202, description: 'Not known yet.', type: ScanPendingDto })
  @ApiResponse({ status: 404, description: 'Nothing under this id.', type: ProblemDto })
  @ApiResponse({ status: 422, description: 'Refused, or given up.', type: ProblemDto })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('scanId', KnownIdPipe) scanId: string,
    @Query() query: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown>> {
    return send(reply, scanAnswer(await this.scans.find(caller, scanId, WaitQuery.msOf(query)), false));
  }
}

function send(reply: FastifyReply, answer: Answer): Record<string, unknown> {
  reply.status(answer.status).headers(answer.headers);
  return answer.body;
}

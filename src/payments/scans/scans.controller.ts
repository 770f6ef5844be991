import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { apiHeaders } from '../../platform/http/api-headers.js';
import { KnownIdPipe, PAYMENTS_READ, PAYMENTS_WRITE } from '../caller.js';
import { ShedFirst } from '../../platform/limits/guard-doors.js';
import { ApiScanProblems } from '../payments.problems.js';
import { scanAnswer, type Answer } from './scan.answer.js';
import { ScanDecodedDto, ScanPendingDto, type ScanDto } from './scan.dto.js';
import { WaitQuery } from '../wait.query.js';
import { CreateScanDto } from './scan.input.js';
import { ScansService } from './scans.service.js';

@ApiTags('scans')
@ApiBearerAuth()
@Controller('v1/scans')
@RequireScope(PAYMENTS_WRITE)
export class ScansController {
  constructor(private readonly scans: ScansService) {}

  @Post()
  @ShedFirst()
  @ApiOperation({
    operationId: 'createScan',
    description:
      'Repeating it is safe: the same code of the same customer is the same scan. 201: let the payer confirm `payment.payAmount`.',
    summary: 'Send what the payer scanned',
  })
  @ApiResponse({
    status: 201,
    description: 'Decoded: show the payment and let the payer confirm.',
    type: ScanDecodedDto,
    headers: apiHeaders('Location'),
  })
  @ApiResponse({
    status: 202,
    description: 'Not known yet: poll `Location`.',
    type: ScanPendingDto,
    headers: apiHeaders('Location', 'Retry-After'),
  })
  @ApiScanProblems(
    'INVALID_REQUEST',
    'FORBIDDEN_CUSTOMER',
    'DECODE_GIVEN_UP',
    'ORDER_EXPIRED',
    'QUOTE_EXPIRED',
    'ORDER_IS_CLOSED',
  )
  async create(
    @CurrentCaller() caller: Caller,
    @Body() scan: CreateScanDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScanDto> {
    return send(reply, scanAnswer(await this.scans.create(caller, scan), true));
  }

  @Get(':scanId')
  @RequireScope(PAYMENTS_WRITE, PAYMENTS_READ)
  @ApiOperation({
    operationId: 'getScan',
    description: 'For a scan that was answered 202. The same shapes as the answers to the scan itself.',
    summary: 'What became of a scan; `waitMs` long-polls',
  })
  @ApiResponse({
    status: 200,
    description: 'Decoded.',
    type: ScanDecodedDto,
    headers: apiHeaders('Location'),
  })
  @ApiResponse({
    status: 202,
    description: 'Not known yet.',
    type: ScanPendingDto,
    headers: apiHeaders('Location', 'Retry-After'),
  })
  @ApiScanProblems('INVALID_REQUEST', 'NOT_FOUND', 'DECODE_GIVEN_UP')
  async read(
    @CurrentCaller() caller: Caller,
    @Param('scanId', KnownIdPipe) scanId: string,
    @Query() query: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScanDto> {
    return send(reply, scanAnswer(await this.scans.find(caller, scanId, WaitQuery.msOf(query)), false));
  }
}

function send(reply: FastifyReply, answer: Answer): ScanDto {
  reply.status(answer.status).headers(answer.headers);
  return answer.body;
}

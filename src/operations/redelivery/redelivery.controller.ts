import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { apiHeaders } from '../../platform/http/api-headers.js';
import { ApiProposed, proposed, type ApprovalDto } from '../approvals/approval.dto.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { PaymentAddress } from '../payment-address.js';
import { bulkView } from './bulk-redelivery.js';
import { BulkRedeliveryDto, RedeliverDto, RedeliveryDto, RedeliverManyDto } from './redelivery.dto.js';
import { RedeliveryService } from './redelivery.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations')
@RequireScope(PAYMENTS_OPERATE)
export class RedeliveryController {
  constructor(private readonly redeliveries: RedeliveryService) {}

  @Post('payments/:paymentId/redeliver')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'redeliverPayment',
    summary: 'Send Alipay+ this result again: the same bytes, due now, with a new window',
    description: 'The operator act `redeliver`, under the address it has always had.',
  })
  @ApiResponse({
    status: 202,
    description: 'Due now; read the payment to see what becomes of it.',
    type: RedeliveryDto,
    headers: apiHeaders('Location'),
  })
  @ApiOperationsProblems(
    'INVALID_REQUEST',
    'NOT_FOUND',
    'RESULT_NOT_FINAL',
    'ALREADY_DELIVERED',
    'ACT_NOT_POSSIBLE',
  )
  async one(
    @CurrentCaller() caller: Caller,
    @Param() { paymentId }: PaymentAddress,
    @Body() { reason }: RedeliverDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RedeliveryDto> {
    reply.header('location', `/v1/operations/payments/${paymentId}`);
    return this.redeliveries.one(caller, paymentId, reason);
  }

  @Post('redeliver')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'redeliverMany',
    description: 'By time and status of the notification; each is written down with name and reason.',
    summary: 'Send many results again; a dry run, which is the default, only lists them',
  })
  @ApiResponse({
    status: 200,
    description: 'What was found, and how many are due now.',
    type: BulkRedeliveryDto,
  })
  @ApiProposed()
  @ApiOperationsProblems('INVALID_REQUEST')
  async many(
    @CurrentCaller() caller: Caller,
    @Body() request: RedeliverManyDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkRedeliveryDto | ApprovalDto> {
    const { approval, ...report } = await this.redeliveries.many(caller, request);
    return approval === undefined ? bulkView(report) : proposed(reply, approval);
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { onClocks, type OnClocks } from '../clocks.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { PaymentAddress, ZoneQuery } from '../payment-address.js';
import { ApiProposed, proposed, type ApprovalDto } from '../approvals/approval.dto.js';
import { ActAddress, ActDto, ActReportDto, ActsPreviewDto } from './act.dto.js';
import { ActsService } from './acts.service.js';
import { ABOUT_ACTS } from './operator-acts.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/payments/:paymentId/acts')
@RequireScope(PAYMENTS_OPERATE)
export class ActsController {
  constructor(private readonly acts: ActsService) {}

  @Get()
  @ApiOperation({
    operationId: 'previewActs',
    description: 'Nothing is changed.',
    summary: 'What each act would do to the payment now, or why it cannot be done',
  })
  @ApiResponse({ status: 200, description: 'The acts.', type: ActsPreviewDto })
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND')
  async preview(
    @Param() { paymentId }: PaymentAddress,
    @Query() { zone }: ZoneQuery,
  ): Promise<OnClocks<ActsPreviewDto>> {
    return onClocks(await this.acts.preview(paymentId), zone);
  }

  @Post(':act')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'performAct',
    summary: 'Do something about a payment, or with `dryRun` only say what it would do',
    description:
      `${ABOUT_ACTS}. Each is written down with the name of the token, the time and the reason, also when it ` +
      'changed nothing. Repeating one is safe.',
  })
  @ApiResponse({ status: 200, description: 'What came of it.', type: ActReportDto })
  @ApiProposed()
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND', 'ACT_NOT_POSSIBLE')
  async perform(
    @CurrentCaller() caller: Caller,
    @Param() { paymentId, act }: ActAddress,
    @Body() { reason, dryRun = false }: ActDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ActReportDto | ApprovalDto> {
    const { report, approval } = await this.acts.perform(caller, paymentId, { act, reason, dryRun });
    return approval === undefined ? report : proposed(reply, approval);
  }
}

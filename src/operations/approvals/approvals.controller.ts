import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import type { Caller } from '../../platform/auth/caller.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_APPROVE, PAYMENTS_OPERATE } from '../operator.js';
import {
  ApprovalAddress,
  ApprovalDto,
  ApprovalsDto,
  ApprovalsQuery,
  DecisionDto,
  approvalView,
} from './approval.dto.js';
import { ApprovalsService } from './approvals.service.js';

/** Why a decision is refused, both for an approval and for a rejection. */
const DECISION_PROBLEMS = [
  'INVALID_REQUEST',
  'NOT_FOUND',
  'SECOND_PERSON_NEEDED',
  'APPROVAL_DECIDED',
  'APPROVAL_EXPIRED',
] as const;

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/approvals')
@RequireScope(PAYMENTS_APPROVE, PAYMENTS_OPERATE)
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listApprovals',
    summary: 'What waits for a second person, and what was decided',
    description: 'The newest first.',
  })
  @ApiResponse({ status: 200, description: 'The approvals.', type: ApprovalsDto })
  @ApiOperationsProblems('INVALID_REQUEST')
  async list(@Query() { paymentId, open = 'true' }: ApprovalsQuery): Promise<ApprovalsDto> {
    const filter = { onlyOpen: open === 'true', ...(paymentId !== undefined && { paymentId }) };
    return { approvals: (await this.approvals.list(filter)).map(approvalView) };
  }

  @Get(':approvalId')
  @ApiOperation({
    operationId: 'readApproval',
    summary: 'Read one approval',
    description: 'Nothing is changed.',
  })
  @ApiResponse({ status: 200, description: 'The approval.', type: ApprovalDto })
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND')
  async one(@Param() { approvalId }: ApprovalAddress): Promise<ApprovalDto> {
    return approvalView(await this.approvals.one(approvalId));
  }

  @Post(':approvalId/approve')
  @HttpCode(200)
  @RequireScope(PAYMENTS_APPROVE)
  @ApiOperation({
    operationId: 'approve',
    summary: 'Approve what another person proposed, which does it at once',
    description:
      'Once, and never by the person who proposed it. The rules of the act are held against the payment again: `status` is `DONE`, or `NOT_DONE` with `why`.',
  })
  @ApiResponse({ status: 200, description: 'What came of it.', type: ApprovalDto })
  @ApiOperationsProblems(...DECISION_PROBLEMS, 'APPROVAL_STALE')
  async approve(
    @CurrentCaller() caller: Caller,
    @Param() { approvalId }: ApprovalAddress,
    @Body() { reason }: DecisionDto,
  ): Promise<ApprovalDto> {
    return approvalView(await this.approvals.decide(caller, approvalId, 'APPROVED', reason));
  }

  @Post(':approvalId/reject')
  @HttpCode(200)
  @RequireScope(PAYMENTS_APPROVE)
  @ApiOperation({
    operationId: 'reject',
    summary: 'Reject what another person proposed; nothing is done',
    description: 'Once, and never by the person who proposed it.',
  })
  @ApiResponse({ status: 200, description: 'The rejected approval.', type: ApprovalDto })
  @ApiOperationsProblems(...DECISION_PROBLEMS)
  async reject(
    @CurrentCaller() caller: Caller,
    @Param() { approvalId }: ApprovalAddress,
    @Body() { reason }: DecisionDto,
  ): Promise<ApprovalDto> {
    return approvalView(await this.approvals.decide(caller, approvalId, 'REJECTED', reason));
  }
}

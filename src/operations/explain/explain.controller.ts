import { Controller, Get, Param, Query } from '@nestjs/common';
import { RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { onClocks, type OnClocks } from '../clocks.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { PaymentAddress, ZoneQuery } from '../payment-address.js';
import { ExplainService } from './explain.service.js';
import { ExplanationDto } from './explanation.dto.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/payments/:paymentId/explain')
@RequireScope(PAYMENTS_OPERATE)
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  @Get()
  @ApiOperation({
    operationId: 'explainPayment',
    description: 'In sentences for people and as data for programs.',
    summary: 'Where a payment stands, why, what comes next, what may be done and what must not',
  })
  @ApiResponse({ status: 200, description: 'The explanation.', type: ExplanationDto })
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND')
  async explain(
    @Param() { paymentId }: PaymentAddress,
    @Query() { zone }: ZoneQuery,
  ): Promise<OnClocks<ExplanationDto>> {
    return onClocks(await this.explanations.explain(paymentId), zone);
  }
}

import { Controller, Get, Param, Query } from '@nestjs/common';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { ExplanationDto } from '../dto/explanation.dto.js';
import { PaymentAddress, ZoneQuery } from '../dto/payment-address.js';
import { PAYMENTS_OPERATE } from '../operations.scope.js';
import { onClocks } from '../view/clocks.js';
import { ExplainService } from './explain.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/payments/:paymentId/explain')
@RequireScope(PAYMENTS_OPERATE)
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  @Get()
  @ApiOperation({
    summary: 'Where a payment stands, why, what comes next, what may be done and what must not',
  })
  @ApiResponse({ status: 200, type: ExplanationDto })
  @ApiResponse({ status: 400, description: 'INVALID_REQUEST: `paymentId` or `zone`.' })
  @ApiResponse({ status: 404, description: 'Nothing under this id.' })
  async explain(
    @Param() { paymentId }: PaymentAddress,
    @Query() { zone }: ZoneQuery,
  ): Promise<Record<string, unknown>> {
    return onClocks({ ...(await this.explanations.explain(paymentId)) }, zone);
  }
}

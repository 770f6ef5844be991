import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import type { OnClocks } from '../clocks.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { PaymentAddress, ZoneQuery } from '../payment-address.js';
import { PaymentLookDto } from './operator-payment.dto.js';
import { PaymentViewService } from './payment-view.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/payments/:paymentId')
@RequireScope(PAYMENTS_OPERATE)
export class PaymentViewController {
  constructor(private readonly views: PaymentViewService) {}

  @Get()
  @ApiOperation({
    operationId: 'viewPayment',
    summary: 'Everything known of one payment, with its timeline',
    description:
      'Every time is given as `…` in UTC and `…Utc8` as Alipay+ counts, and with `zone` as `…Local` too. The messages ' +
      'that were sent and received are shown to a token with the scope `payments:raw`; others see that they are ' +
      'withheld. A scanned code is never shown, only its SHA-256.',
  })
  @ApiResponse({ status: 200, description: 'The payment.', type: PaymentLookDto })
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND')
  read(
    @CurrentCaller() caller: Caller,
    @Param() { paymentId }: PaymentAddress,
    @Query() { zone }: ZoneQuery,
  ): Promise<OnClocks<PaymentLookDto>> {
    return this.views.read(caller, paymentId, zone);
  }
}

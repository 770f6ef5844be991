import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller } from '../../platform/auth/current-caller.decorator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { PaymentAddress, ZoneQuery } from '../dto/payment-address.js';
import { PAYMENTS_OPERATE } from '../operations.scope.js';
import { PaymentViewService } from './payment-view.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/payments/:paymentId')
@RequireScope(PAYMENTS_OPERATE)
export class PaymentViewController {
  constructor(private readonly views: PaymentViewService) {}

  @Get()
  @ApiOperation({
    summary: 'Everything known of one payment, with its timeline',
    description:
      'Every time is told as `…` in UTC and `…Utc8` as Alipay+ counts, and with `zone` as `…Local` too. The messages ' +
      'that were sent and received are shown to a token with the scope `payments:raw`; others see that they are ' +
      'withheld. A code that was scanned is shown to nobody, only its SHA-256.',
  })
  @ApiResponse({ status: 200, description: 'The payment.' })
  @ApiResponse({ status: 400, description: 'INVALID_REQUEST: `paymentId` or `zone`.' })
  @ApiResponse({ status: 404, description: 'Nothing under this id.' })
  read(
    @CurrentCaller() caller: Caller,
    @Param() { paymentId }: PaymentAddress,
    @Query() { zone }: ZoneQuery,
  ): Promise<Record<string, unknown>> {
    return this.views.read(caller, paymentId, zone);
  }
}

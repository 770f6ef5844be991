import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller } from '../../platform/auth/current-caller.decorator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { ActAddress, ActDto, ActReportDto, ActsPreviewDto } from '../dto/act.dto.js';
import { PaymentAddress, ZoneQuery } from '../dto/payment-address.js';
import { PAYMENTS_OPERATE } from '../operations.scope.js';
import { onClocks } from '../view/clocks.js';
import type { ActReport } from './act-report.js';
import { ActsService } from './acts.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@ApiResponse({ status: 400, description: 'INVALID_REQUEST, naming every field that breaks a rule.' })
@ApiResponse({ status: 404, description: 'Nothing under this id.' })
@Controller('v1/operations/payments/:paymentId/acts')
@RequireScope(PAYMENTS_OPERATE)
export class ActsController {
  constructor(private readonly acts: ActsService) {}

  @Get()
  @ApiOperation({ summary: 'What each act would do to the payment now, or why it cannot be done' })
  @ApiResponse({ status: 200, type: ActsPreviewDto })
  async preview(
    @Param() { paymentId }: PaymentAddress,
    @Query() { zone }: ZoneQuery,
  ): Promise<Record<string, unknown>> {
    return onClocks({ ...(await this.acts.preview(paymentId)) }, zone);
  }

  @Post(':act')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Do something about a payment, or with `dryRun` only say what it would do',
    description:
      '`redeliver` tells Alipay+ the result again; `ask-ledger` asks the ledger now about money it has not said ' +
      'anything about; `close` ends an order nobody has paid; `release` lets a held order be paid. Each is written down ' +
      'with the name of the token, the time and the reason, also when it changed nothing. Repeating one is safe.',
  })
  @ApiResponse({ status: 200, type: ActReportDto })
  @ApiResponse({ status: 409, description: 'ACT_NOT_POSSIBLE: `detail` says why and `cause` in a word.' })
  perform(
    @CurrentCaller() caller: Caller,
    @Param() { paymentId, act }: ActAddress,
    @Body() { reason, dryRun = false }: ActDto,
  ): Promise<ActReport> {
    return this.acts.perform(caller, paymentId, { act, reason, dryRun });
  }
}

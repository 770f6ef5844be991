import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../platform/auth/caller.js';
import { CurrentCaller } from '../platform/auth/current-caller.decorator.js';
import { RequireScope } from '../platform/auth/require-scope.decorator.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../platform/http/api-description.js';
import { PaymentAddress } from './dto/payment-address.js';
import { RedeliverDto, RedeliverManyDto } from './dto/redelivery.dto.js';
import { PAYMENTS_OPERATE } from './operations.scope.js';
import { bulkView } from './redelivery.view.js';
import { RedeliveryService } from './redelivery.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations')
@RequireScope(PAYMENTS_OPERATE)
export class RedeliveryController {
  constructor(private readonly redeliveries: RedeliveryService) {}

  @Post('payments/:paymentId/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Tell Alipay+ this result again: the same bytes, due now, with a fresh window' })
  @ApiResponse({ status: 202, description: 'Due now; read the payment to see what becomes of it.' })
  @ApiResponse({ status: 404, description: 'Nothing under this id.' })
  @ApiResponse({ status: 409, description: 'RESULT_NOT_FINAL or ALREADY_DELIVERED.' })
  async one(
    @CurrentCaller() caller: Caller,
    @Param() { paymentId }: PaymentAddress,
    @Body() { reason }: RedeliverDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown>> {
    reply.header('location', `/v1/operations/payments/${paymentId}`);
    return this.redeliveries.one(caller, paymentId, reason);
  }

  @Post('redeliver')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tell many results again; a dry run, which is the default, only lists them' })
  @ApiResponse({ status: 200, description: 'What was found, and how many are due now.' })
  async many(
    @CurrentCaller() caller: Caller,
    @Body() wish: RedeliverManyDto,
  ): Promise<Record<string, unknown>> {
    return bulkView(await this.redeliveries.many(caller, wish));
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { apiHeaders } from '../../platform/http/api-headers.js';
import { BeginsWork } from '../../platform/limits/guard-doors.js';
import { KnownIdPipe, PAYMENTS_READ, PAYMENTS_WRITE } from '../caller.js';
import { WaitQuery } from '../wait.query.js';
import { ConfirmPaymentDto } from './confirm-payment.dto.js';
import { ApiConfirmProblems, ApiPaymentsProblems } from '../payments.problems.js';
import { PaymentDto, PaymentPageDto } from './payment.dto.js';
import { paymentPageView, paymentView } from './payment.view.js';
import { PaymentsQuery, readPaymentsQuery } from './payments.query.js';
import { PaymentsService } from './payments.service.js';

@ApiTags('payments')
@ApiBearerAuth()
@Controller('v1/payments')
@RequireScope(PAYMENTS_WRITE)
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Get()
  @RequireScope(PAYMENTS_WRITE, PAYMENTS_READ)
  @ApiOperation({
    operationId: 'listPayments',
    summary: "A customer's payments, the newest first",
    description:
      'What a purchase record shows. Every filter that is given has to hold. A token that is made for one customer sees ' +
      'the payments of that customer only, and may leave `customerId` out.',
  })
  @ApiResponse({
    status: 200,
    description: 'One page; `nextCursor` where there is more.',
    type: PaymentPageDto,
  })
  @ApiPaymentsProblems('INVALID_REQUEST', 'FORBIDDEN_CUSTOMER')
  async list(@CurrentCaller() caller: Caller, @Query() query: PaymentsQuery): Promise<PaymentPageDto> {
    return paymentPageView(await this.payments.list(readPaymentsQuery(caller, query)));
  }

  @Get(':paymentId')
  @RequireScope(PAYMENTS_WRITE, PAYMENTS_READ)
  @ApiOperation({
    operationId: 'getPayment',
    description:
      'Everything the payer is shown of it. `action` says what the app does when it cannot be paid.',
    summary: 'A payment as it stands; `waitMs` long-polls while it is DEBITING',
  })
  @ApiResponse({ status: 200, description: 'The payment.', type: PaymentDto })
  @ApiPaymentsProblems('INVALID_REQUEST', 'NOT_FOUND')
  async read(
    @CurrentCaller() caller: Caller,
    @Param('paymentId', KnownIdPipe) paymentId: string,
    @Query() query: WaitQuery,
  ): Promise<PaymentDto> {
    return paymentView(await this.payments.findSettled(caller, paymentId, WaitQuery.msOf(query)));
  }

  @Post(':paymentId/confirm')
  @BeginsWork()
  @ApiOperation({
    operationId: 'confirmPayment',
    description: 'Debits the payer once, whatever is repeated. After no answer at all send it again.',
    summary: "The payer's yes, with the amount that was shown; repeating it changes nothing",
  })
  @ApiResponse({ status: 200, description: 'PAID.', type: PaymentDto })
  @ApiResponse({
    status: 202,
    description: 'DEBITING: the wallet has not said yet; read the payment again.',
    type: PaymentDto,
    headers: apiHeaders('Location', 'Retry-After'),
  })
  @ApiConfirmProblems(
    'INVALID_REQUEST',
    'NOT_FOUND',
    'ORDER_EXPIRED',
    'QUOTE_EXPIRED',
    'AMOUNT_CHANGED',
    'ORDER_IS_CLOSED',
    'ORDER_HELD',
    'INSUFFICIENT_BALANCE',
    'PROOF_REQUIRED',
    'PROOF_REJECTED',
  )
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('paymentId', KnownIdPipe) paymentId: string,
    @Body() body: ConfirmPaymentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentDto> {
    const payment = await this.payments.confirm(caller, paymentId, body);
    if (payment.status === 'PAID') reply.status(200);
    else reply.status(202).headers({ location: `/v1/payments/${paymentId}`, 'retry-after': '1' });
    return paymentView(payment);
  }

  @Post(':paymentId/decline')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'declinePayment',
    description: 'Ends a payment that nobody has paid. Repeating it is safe.',
    summary: 'The payer declines, also a held payment; Alipay+ is notified at once',
  })
  @ApiResponse({ status: 200, description: 'DECLINED.', type: PaymentDto })
  @ApiPaymentsProblems('NOT_FOUND', 'ORDER_EXPIRED', 'ORDER_IS_CLOSED')
  async decline(
    @CurrentCaller() caller: Caller,
    @Param('paymentId', KnownIdPipe) paymentId: string,
  ): Promise<PaymentDto> {
    return paymentView(await this.payments.decline(caller, paymentId));
  }
}

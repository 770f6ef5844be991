import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../platform/auth/require-scope.decorator.js';
import { SearchPaymentsQuery } from './dto/search-payments.query.js';
import { OperationsService, PAYMENTS_OPERATE } from './operations.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations')
@RequireScope(PAYMENTS_OPERATE)
export class OperationsController {
  constructor(private readonly operations: OperationsService) {}

  @Get('payments')
  @ApiOperation({ summary: 'Find payments, newest first' })
  search(@Query() query: SearchPaymentsQuery): Promise<Record<string, unknown>> {
    return this.operations.search(query);
  }

  @Get('payments/:paymentId')
  @ApiOperation({ summary: 'Everything known of one payment, with its timeline' })
  read(@Param('paymentId', ParseUUIDPipe) paymentId: string): Promise<Record<string, unknown>> {
    return this.operations.read(paymentId);
  }
}

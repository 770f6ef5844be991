import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../platform/auth/require-scope.decorator.js';
import { SearchPaymentsQuery } from './dto/search-payments.query.js';
import { PAYMENTS_OPERATE } from './operations.scope.js';
import { OperationsService } from './operations.service.js';

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
}

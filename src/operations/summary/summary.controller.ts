import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { ZoneQuery } from '../dto/payment-address.js';
import { SummaryDto } from '../dto/summary.dto.js';
import { PAYMENTS_OPERATE } from '../operations.scope.js';
import { onClocks } from '../view/clocks.js';
import { SummaryService } from './summary.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/summary')
@RequireScope(PAYMENTS_OPERATE)
export class SummaryController {
  constructor(private readonly summaries: SummaryService) {}

  @Get()
  @ApiOperation({
    summary: 'Money in doubt per currency, and how the last hour and day went',
    description:
      'Kept for some seconds, longer where there is more to count: however often it is asked for, it takes at most a ' +
      'tenth of one connection to the database in each process. `at` says when each part was read.',
  })
  @ApiResponse({ status: 200, type: SummaryDto })
  @ApiResponse({ status: 400, description: 'INVALID_REQUEST: `zone`.' })
  @ApiResponse({
    status: 422,
    description: 'SEARCH_TOO_SLOW: there is more to count than the database can in time.',
  })
  async read(@Query() { zone }: ZoneQuery): Promise<Record<string, unknown>> {
    return onClocks({ ...(await this.summaries.summary()) }, zone);
  }
}

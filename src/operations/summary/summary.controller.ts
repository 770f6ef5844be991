import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { onClocks, type OnClocks } from '../clocks.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { ZoneQuery } from '../payment-address.js';
import { SummaryDto } from './summary.dto.js';
import { SummaryService } from './summary.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/summary')
@RequireScope(PAYMENTS_OPERATE)
export class SummaryController {
  constructor(private readonly summaries: SummaryService) {}

  @Get()
  @ApiOperation({
    operationId: 'getSummary',
    summary: 'Money in doubt per currency, and how the last hour and day went',
    description:
      'Kept for some seconds, longer where there is more to count: however often it is asked for, it takes at most a ' +
      'tenth of one connection to the database in each process. `at` says when each part was read.',
  })
  @ApiResponse({ status: 200, description: 'The figures.', type: SummaryDto })
  @ApiOperationsProblems('INVALID_REQUEST', 'SEARCH_TOO_SLOW')
  async read(@Query() { zone }: ZoneQuery): Promise<OnClocks<SummaryDto>> {
    return onClocks(await this.summaries.summary(), zone);
  }
}

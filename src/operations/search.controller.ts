import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '../platform/auth/require-scope.decorator.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../platform/http/api-description.js';
import { NotificationsQuery } from './dto/notifications.query.js';
import { PaymentsQuery } from './dto/payments.query.js';
import { ScansQuery } from './dto/scans.query.js';
import { PAYMENTS_OPERATE } from './operations.scope.js';
import { readNotificationSearch, readPaymentSearch, readScanSearch } from './search/read-search.js';
import type { Page } from './search/search.js';
import { SearchService } from './search/search.service.js';

const PAGE = {
  status: 200,
  description:
    'One page; `nextCursor` and `prevCursor` where there is more; `total` with `isEstimate`; with `q`, what it was ' +
    'recognised as in `recognisedAs`.',
};
const REFUSED = { status: 400, description: 'INVALID_REQUEST, naming every field that breaks a rule.' };
const SLOW = { status: 422, description: 'SEARCH_TOO_SLOW: it was stopped and has to be narrowed.' };

@ApiTags('operations')
@ApiBearerAuth()
@ApiResponse(PAGE)
@ApiResponse(REFUSED)
@ApiResponse(SLOW)
@Controller('v1/operations')
@RequireScope(PAYMENTS_OPERATE)
export class SearchController {
  constructor(private readonly search: SearchService) {}

  @Get('payments')
  @ApiOperation({ summary: 'Find payments; every filter that is given has to hold' })
  async payments(@Query() query: PaymentsQuery): Promise<Record<string, unknown>> {
    return pageView('payments', await this.search.payments(readPaymentSearch(query)));
  }

  @Get('scans')
  @ApiOperation({ summary: 'Find scans, also those that led to no payment' })
  async scans(@Query() query: ScansQuery): Promise<Record<string, unknown>> {
    return pageView('scans', await this.search.scans(readScanSearch(query)));
  }

  @Get('notifications')
  @ApiOperation({ summary: 'Find the notifications of results, by when the result became final' })
  async notifications(@Query() query: NotificationsQuery): Promise<Record<string, unknown>> {
    return pageView('notifications', await this.search.notifications(readNotificationSearch(query)));
  }
}

function pageView<Item>(name: string, { items, ...rest }: Page<Item>): Record<string, unknown> {
  return { [name]: items, ...rest };
}

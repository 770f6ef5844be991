import { Controller, Get, Query } from '@nestjs/common';
import { RequireScope } from '../../platform/auth/access.decorators.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { NotificationsQuery } from './query/notifications.query.js';
import { PaymentsQuery } from './query/payments.query.js';
import { ScansQuery } from './query/scans.query.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { readNotificationSearch, readPaymentSearch, readScanSearch } from './query/read-search.js';
import { NotificationsPageDto, PaymentsPageDto, ScansPageDto } from './search.dto.js';
import { SearchService } from './search.service.js';

const PAGE = 'One page; `nextCursor` and `prevCursor` where there is more.';

@ApiTags('operations')
@ApiBearerAuth()
@ApiOperationsProblems('INVALID_REQUEST', 'SEARCH_TOO_SLOW')
@Controller('v1/operations')
@RequireScope(PAYMENTS_OPERATE)
export class SearchController {
  constructor(private readonly search: SearchService) {}

  @Get('payments')
  @ApiOperation({
    operationId: 'searchPayments',
    description: 'One page, by key: as fast at the end of a long list as at its beginning.',
    summary: 'Find payments; every filter that is given has to hold',
  })
  @ApiResponse({ status: 200, description: PAGE, type: PaymentsPageDto })
  async payments(@Query() query: PaymentsQuery): Promise<PaymentsPageDto> {
    const { items: payments, ...page } = await this.search.payments(readPaymentSearch(query));
    return { ...page, payments };
  }

  @Get('scans')
  @ApiOperation({
    operationId: 'searchScans',
    description: 'One page, by key. A code itself is shown nowhere, only its SHA-256.',
    summary: 'Find scans, also those that led to no payment',
  })
  @ApiResponse({ status: 200, description: PAGE, type: ScansPageDto })
  async scans(@Query() query: ScansQuery): Promise<ScansPageDto> {
    const { items: scans, ...page } = await this.search.scans(readScanSearch(query));
    return { ...page, scans };
  }

  @Get('notifications')
  @ApiOperation({
    operationId: 'searchNotifications',
    description: 'One page, by key: which results Alipay+ has acknowledged, and which not.',
    summary: 'Find the notifications of results, by when the result became final',
  })
  @ApiResponse({ status: 200, description: PAGE, type: NotificationsPageDto })
  async notifications(@Query() query: NotificationsQuery): Promise<NotificationsPageDto> {
    const { items: notifications, ...page } = await this.search.notifications(readNotificationSearch(query));
    return { ...page, notifications };
  }
}

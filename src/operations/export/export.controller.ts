import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import type { Caller } from '../../platform/auth/caller.js';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import {
  ApiBearerAuth,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '../../platform/http/api-description.js';
import { ExportService } from './export.service.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { PaymentsExportQuery } from '../search/query/payments.query.js';
import { readPaymentExport } from '../search/query/read-search.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations')
@RequireScope(PAYMENTS_OPERATE)
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Get('payments.csv')
  @Header('cache-control', 'no-store')
  @ApiProduces('text/csv')
  @ApiOperation({
    operationId: 'exportPayments',
    description: 'Takes the filters of the search. Few exports run at once.',
    summary: 'All payments that fit, as CSV (RFC 4180, UTF-8), streamed',
  })
  @ApiResponse({
    status: 200,
    description: 'The file; amounts in minor units, times in UTC.',
    schema: { type: 'string' },
  })
  @ApiOperationsProblems('INVALID_REQUEST', 'EXPORT_TOO_WIDE', 'TOO_MANY_EXPORTS', 'SEARCH_TOO_SLOW')
  async payments(
    @CurrentCaller() caller: Caller,
    @Query() query: PaymentsExportQuery,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.exports.paymentsCsv(caller, readPaymentExport(query)), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="payments.csv"',
    });
  }
}

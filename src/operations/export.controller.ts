import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import type { Caller } from '../platform/auth/caller.js';
import { CurrentCaller } from '../platform/auth/current-caller.decorator.js';
import { RequireScope } from '../platform/auth/require-scope.decorator.js';
import {
  ApiBearerAuth,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '../platform/http/api-description.js';
import { PaymentsExportQuery } from './dto/payments.query.js';
import { ExportService } from './export/export.service.js';
import { PAYMENTS_OPERATE } from './operations.scope.js';
import { readPaymentExport } from './search/read-search.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations')
@RequireScope(PAYMENTS_OPERATE)
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Get('payments.csv')
  @Header('cache-control', 'no-store')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'All payments that fit, as CSV (RFC 4180, UTF-8), streamed' })
  @ApiResponse({ status: 200, description: 'The file; amounts in minor units, times in UTC.' })
  @ApiResponse({
    status: 400,
    description: 'INVALID_REQUEST, or EXPORT_TOO_WIDE with `limit` and how to narrow it.',
  })
  @ApiResponse({ status: 429, description: 'TOO_MANY_EXPORTS at the same time.' })
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

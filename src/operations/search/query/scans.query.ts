import { IsIn, IsUUID } from 'class-validator';
import { SCAN_STATUSES, type ScanStatus } from '../../../payment-order/order/payment-status.js';
import { ApiPropertyOptional } from '../../../platform/http/api-description.js';
import { Characters, OptionalField } from '../../../platform/http/field.decorators.js';
import { ListQuery, TIME_SORTS, type FiltersOf, type TimeSort } from './list.query.js';

/** Query of `GET /v1/operations/scans`. */
export class ScansQuery extends ListQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Our id of the scan.' })
  @OptionalField()
  @IsUUID('all', { message: 'must be a UUID' })
  readonly scanId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Scans that led to this payment.' })
  @OptionalField()
  @IsUUID('all', { message: 'must be a UUID' })
  readonly paymentId?: string;

  @ApiPropertyOptional({ description: "The wallet's id of the payer." })
  @OptionalField()
  @Characters(1, 64)
  readonly customerId?: string;

  @ApiPropertyOptional({ enum: SCAN_STATUSES, description: 'How far the scan is.' })
  @OptionalField()
  @IsIn(SCAN_STATUSES)
  readonly status?: ScanStatus;

  @ApiPropertyOptional({ example: 'EXPIRED_CODE', description: 'Why Alipay+ refused the code.' })
  @OptionalField()
  @Characters(1, 64)
  readonly resultCode?: string;

  @ApiPropertyOptional({ enum: TIME_SORTS, default: '-createdAt', description: '`-` is descending.' })
  @OptionalField()
  @IsIn(TIME_SORTS)
  readonly sort?: TimeSort;
}

export type ScanFilters = FiltersOf<ScansQuery>;

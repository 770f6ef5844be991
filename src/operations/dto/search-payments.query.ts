import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { Characters } from '../../platform/http/characters.decorator.js';
import { OptionalField } from '../../platform/http/optional-field.decorator.js';

const STATUSES = [
  'AWAITING_CONFIRMATION',
  'HELD',
  'DEBITING',
  'PAID',
  'FAILED',
  'DECLINED',
  'EXPIRED',
  'CANCELLED',
];

export class SearchPaymentsQuery {
  @ApiPropertyOptional({ description: "Alipay+'s id of the order." })
  @OptionalField()
  @Characters(1, 64)
  readonly paymentRequestId?: string;

  @ApiPropertyOptional()
  @OptionalField()
  @Characters(1, 64)
  readonly customerId?: string;

  @ApiPropertyOptional({ enum: STATUSES })
  @OptionalField()
  @IsIn(STATUSES)
  readonly status?: string;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before.' })
  @OptionalField()
  @Matches(/^[A-Za-z0-9_-]{10,200}$/, { message: 'must be a cursor of an earlier answer' })
  readonly cursor?: string;

  @ApiPropertyOptional({ example: '50', description: 'Rows of a page, 1 to 200.' })
  @OptionalField()
  @Matches(/^([1-9]\d?|1\d\d|200)$/, { message: 'must be a whole number from 1 to 200' })
  readonly limit?: string;
}

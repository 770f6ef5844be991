import { IsIn, IsUUID, Matches } from 'class-validator';
import {
  NOTIFICATION_STATUSES,
  PAYMENT_STATUSES,
  type PaymentStatus,
} from '../../../payment-order/order/payment-status.js';
import { ApiPropertyOptional } from '../../../platform/http/api-description.js';
import { Characters, OptionalField } from '../../../platform/http/field.decorators.js';
import { CursorField, LimitField, RangeQuery, TIME_SORTS, type FiltersOf } from './list.query.js';

export const PAYMENT_SORTS = [...TIME_SORTS, '-amount', 'amount'] as const;
export type PaymentSort = (typeof PAYMENT_SORTS)[number];

const WITH_NONE = [...NOTIFICATION_STATUSES, 'NONE'] as const;
const MINOR_UNITS = /^(0|[1-9]\d{0,29})$/;
const MINOR_UNITS_RULE = { message: 'must be minor units, as up to 30 digits' };

/** Query of `GET /v1/operations/payments.csv`: the filters that find payments. */
export class PaymentsExportQuery extends RangeQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Our id.' })
  @OptionalField()
  @IsUUID('all', { message: 'must be a UUID' })
  readonly paymentId?: string;

  @ApiPropertyOptional({ description: "Alipay+'s id of the order." })
  @OptionalField()
  @Characters(1, 64)
  readonly paymentRequestId?: string;

  @ApiPropertyOptional({ description: "The merchant's id of the order." })
  @OptionalField()
  @Characters(1, 512)
  readonly referenceOrderId?: string;

  @ApiPropertyOptional({ description: "The wallet's id of the payer." })
  @OptionalField()
  @Characters(1, 64)
  readonly customerId?: string;

  @ApiPropertyOptional({ description: "Alipay+'s id of the acquirer." })
  @OptionalField()
  @Characters(1, 512)
  readonly acquirerId?: string;

  @ApiPropertyOptional({
    description: 'The id of a merchant (`referenceMerchantId`), or how its name begins, in capitals or not.',
  })
  @OptionalField()
  @Characters(1, 512)
  readonly merchant?: string;

  @ApiPropertyOptional({ enum: PAYMENT_STATUSES, description: 'How far the payment is.' })
  @OptionalField()
  @IsIn(PAYMENT_STATUSES)
  readonly status?: PaymentStatus;

  @ApiPropertyOptional({ enum: WITH_NONE, description: 'NONE: there is no final result yet.' })
  @OptionalField()
  @IsIn(WITH_NONE)
  readonly notificationStatus?: (typeof WITH_NONE)[number];

  @ApiPropertyOptional({ example: 'HKD', description: 'What the payer pays in.' })
  @OptionalField()
  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency code of ISO 4217' })
  readonly currency?: string;

  @ApiPropertyOptional({ example: '1000', description: 'Minor units of `currency`, inclusive.' })
  @OptionalField()
  @Matches(MINOR_UNITS, MINOR_UNITS_RULE)
  readonly amountMin?: string;

  @ApiPropertyOptional({ example: '999999', description: 'Minor units of `currency`, inclusive.' })
  @OptionalField()
  @Matches(MINOR_UNITS, MINOR_UNITS_RULE)
  readonly amountMax?: string;

  @ApiPropertyOptional({
    enum: PAYMENT_SORTS,
    default: '-createdAt',
    description: '`-` is descending. By amount only within one `currency`.',
  })
  @OptionalField()
  @IsIn(PAYMENT_SORTS)
  readonly sort?: PaymentSort;
}

export type PaymentFilters = FiltersOf<PaymentsExportQuery>;

/** Query of `GET /v1/operations/payments`: the same, a page at a time. */
export class PaymentsQuery extends PaymentsExportQuery {
  @CursorField()
  readonly cursor?: string;

  @LimitField()
  readonly limit?: string;
}

import { IsIn, IsUUID } from 'class-validator';
import {
  NOTIFICATION_STATUSES,
  type NotificationStatus,
} from '../../../payment-order/order/payment-status.js';
import { ApiPropertyOptional } from '../../../platform/http/api-description.js';
import { Characters, OptionalField } from '../../../platform/http/field.decorators.js';
import { ListQuery, TIME_SORTS, type FiltersOf, type TimeSort } from './list.query.js';

/** Query of `GET /v1/operations/notifications`; its times are when the result became final. */
export class NotificationsQuery extends ListQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Our id of the payment.' })
  @OptionalField()
  @IsUUID('all', { message: 'must be a UUID' })
  readonly paymentId?: string;

  @ApiPropertyOptional({ description: "Alipay+'s id of the order." })
  @OptionalField()
  @Characters(1, 64)
  readonly paymentRequestId?: string;

  @ApiPropertyOptional({ description: "The wallet's id of the payer." })
  @OptionalField()
  @Characters(1, 64)
  readonly customerId?: string;

  @ApiPropertyOptional({ enum: NOTIFICATION_STATUSES, description: 'How far its delivery is.' })
  @OptionalField()
  @IsIn(NOTIFICATION_STATUSES)
  readonly status?: NotificationStatus;

  @ApiPropertyOptional({ enum: TIME_SORTS, default: '-createdAt', description: '`-` is descending.' })
  @OptionalField()
  @IsIn(TIME_SORTS)
  readonly sort?: TimeSort;
}

export type NotificationFilters = FiltersOf<NotificationsQuery>;

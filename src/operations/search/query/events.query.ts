import { IsIn, IsUUID, Matches } from 'class-validator';
import {
  DELIVERY_STATUSES,
  EVENT_TYPE_NAMES,
  type DeliveryStatus,
  type EventType,
} from '../../../payment-order/event/event-type.js';
import { ApiPropertyOptional } from '../../../platform/http/api-description.js';
import { OptionalField } from '../../../platform/http/field.decorators.js';
import { ListQuery, TIME_SORTS, type FiltersOf, type TimeSort } from './list.query.js';

/** Query of `GET /v1/operations/events`; its times are those of the changes. */
export class EventsQuery extends ListQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only events about this payment.' })
  @OptionalField()
  @IsUUID('all', { message: 'must be a UUID' })
  readonly paymentId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only events about this scan.' })
  @OptionalField()
  @IsUUID('all', { message: 'must be a UUID' })
  readonly scanId?: string;

  @ApiPropertyOptional({ enum: EVENT_TYPE_NAMES, description: 'Only events of this type.' })
  @OptionalField()
  @IsIn(EVENT_TYPE_NAMES)
  readonly type?: EventType;

  @ApiPropertyOptional({ example: 'wallet-core', description: 'Only those for this endpoint.' })
  @OptionalField()
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: 'must be the name of an endpoint' })
  readonly endpoint?: string;

  @ApiPropertyOptional({ enum: DELIVERY_STATUSES, description: 'Only those with a delivery of this status.' })
  @OptionalField()
  @IsIn(DELIVERY_STATUSES)
  readonly status?: DeliveryStatus;

  @ApiPropertyOptional({ enum: TIME_SORTS, default: '-createdAt', description: '`-` is descending.' })
  @OptionalField()
  @IsIn(TIME_SORTS)
  readonly sort?: TimeSort;
}

export type EventFilters = FiltersOf<EventsQuery>;

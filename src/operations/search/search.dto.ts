import {
  DELIVERY_STATUSES,
  EVENT_TYPE_NAMES,
  type DeliveryStatus,
  type EventType,
} from '../../payment-order/event/event-type.js';
import {
  NOTIFICATION_STATUSES,
  PAYMENT_STATUSES,
  SCAN_STATUSES,
  type NotificationStatus,
  type PaymentStatus,
  type ScanStatus,
} from '../../payment-order/order/payment-status.js';
import {
  ApiOneOf,
  ApiOptionalOneOf,
  ApiProperty,
  ApiPropertyOptional,
} from '../../platform/http/api-description.js';
import { ShownAmountDto, TotalDto } from '../answer-parts.dto.js';
import { ID_KINDS, type IdKind } from './search.js';

export class FoundPaymentDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({ description: "Alipay+'s id of the order." }) readonly paymentRequestId!: string;
  @ApiPropertyOptional({ description: "The merchant's id of the order." }) readonly referenceOrderId?: string;
  @ApiProperty() readonly customerId!: string;
  @ApiPropertyOptional() readonly acquirerId?: string;
  @ApiPropertyOptional() readonly pspId?: string;
  @ApiPropertyOptional() readonly merchantId?: string;
  @ApiPropertyOptional() readonly merchantName?: string;
  @ApiOneOf(PAYMENT_STATUSES) readonly status!: PaymentStatus;
  @ApiPropertyOptional({ description: 'Why an order is held, or can never be paid.' })
  readonly heldReason?: string;
  @ApiPropertyOptional({ description: 'Of the final result.' }) readonly resultCode?: string;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'What the payer pays.' })
  readonly payAmount?: ShownAmountDto;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'What the merchant asked for.' })
  readonly paymentAmount?: ShownAmountDto;
  @ApiOptionalOneOf(NOTIFICATION_STATUSES, { description: 'Absent until the order is final.' })
  readonly notificationStatus?: NotificationStatus;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly finishedAt?: string;
}

export class FoundScanDto {
  @ApiProperty({ format: 'uuid' }) readonly scanId!: string;
  @ApiProperty() readonly customerId!: string;
  @ApiOneOf(SCAN_STATUSES) readonly status!: ScanStatus;
  @ApiPropertyOptional({ description: 'What Alipay+ answered last.' }) readonly resultCode?: string;
  @ApiPropertyOptional({ example: 'timeout', description: 'Why the last answer was unknown.' })
  readonly unknownReason?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The payment it led to.' }) readonly paymentId?: string;
  @ApiProperty({ type: 'integer', description: 'How often Alipay+ was asked.' }) readonly tries!: number;
  @ApiPropertyOptional({ format: 'date-time' }) readonly nextAttemptAt?: string;
  @ApiProperty({ format: 'date-time' }) readonly givesUpAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly updatedAt!: string;
}

export class FoundNotificationDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({ description: "Alipay+'s id of the order." }) readonly paymentRequestId!: string;
  @ApiProperty() readonly customerId!: string;
  @ApiOneOf(PAYMENT_STATUSES) readonly paymentStatus!: PaymentStatus;
  @ApiOneOf(NOTIFICATION_STATUSES) readonly status!: NotificationStatus;
  @ApiProperty({ description: 'Where it is sent.' }) readonly url!: string;
  @ApiProperty({ type: 'integer', description: 'How often it was sent.' }) readonly tries!: number;
  @ApiPropertyOptional({ example: 'unknown:timeout' }) readonly lastOutcome?: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly nextAttemptAt?: string;
  @ApiProperty({ format: 'date-time', description: 'When it is parked unless it is acknowledged.' })
  readonly givesUpAt!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When Alipay+ acknowledged it.' })
  readonly deliveredAt?: string;
  @ApiProperty({ format: 'date-time', description: 'When the result became final.' })
  readonly createdAt!: string;
}

/** The delivery to one endpoint. */
export class DeliveryOfEvent {
  @ApiProperty({ example: 'wallet-core', description: 'As EVENTS_ENDPOINTS_FILE names it.' })
  readonly endpoint!: string;
  @ApiOneOf(DELIVERY_STATUSES) readonly status!: DeliveryStatus;
  @ApiProperty({ type: 'integer', description: 'How often it was sent.' }) readonly tries!: number;
  @ApiPropertyOptional({ example: 'http_503' }) readonly lastOutcome?: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly nextAttemptAt?: string;
  @ApiProperty({ format: 'date-time', description: 'When it is parked unless it is acknowledged.' })
  readonly givesUpAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly deliveredAt?: string;
}

export class FoundEventDto {
  @ApiProperty({ format: 'uuid', description: 'What receivers get as `webhook-id`.' })
  readonly eventId!: string;
  @ApiOneOf(EVENT_TYPE_NAMES) readonly type!: EventType;
  @ApiPropertyOptional({ format: 'uuid' }) readonly paymentId?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Of a scan that came to nothing.' })
  readonly scanId?: string;
  @ApiProperty({ format: 'date-time', description: 'When the change happened.' }) readonly createdAt!: string;
  @ApiProperty({ type: [DeliveryOfEvent], description: 'None yet: a worker makes them within seconds.' })
  readonly deliveries!: readonly DeliveryOfEvent[];
}

class PageDto {
  @ApiPropertyOptional({ description: 'The `cursor` of the next page; absent on the last.' })
  readonly nextCursor?: string;
  @ApiPropertyOptional({ description: 'The `cursor` of the page before; absent on the first.' })
  readonly prevCursor?: string;
  @ApiProperty({ type: TotalDto }) readonly total!: TotalDto;
  @ApiPropertyOptional({
    enum: [...ID_KINDS],
    isArray: true,
    description: 'What `q` was recognised as; empty when it is unknown, absent without `q`.',
  })
  readonly recognisedAs?: readonly IdKind[];
}

/** One page of a list. */
export interface Page<Item> extends PageDto {
  readonly items: readonly Item[];
}

export class PaymentsPageDto extends PageDto {
  @ApiProperty({ type: [FoundPaymentDto] }) readonly payments!: readonly FoundPaymentDto[];
}

export class ScansPageDto extends PageDto {
  @ApiProperty({ type: [FoundScanDto] }) readonly scans!: readonly FoundScanDto[];
}

export class NotificationsPageDto extends PageDto {
  @ApiProperty({ type: [FoundNotificationDto] }) readonly notifications!: readonly FoundNotificationDto[];
}

export class EventsPageDto extends PageDto {
  @ApiProperty({ type: [FoundEventDto] }) readonly events!: readonly FoundEventDto[];
}

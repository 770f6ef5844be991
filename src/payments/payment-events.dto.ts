import { EVENT_TYPE_NAMES, type EventType } from '../payment-order/event/event-type.js';
import {
  PAYMENT_STATUSES,
  SCAN_STATUSES,
  type PaymentStatus,
  type ScanStatus,
} from '../payment-order/order/payment-status.js';
import {
  ApiOneOf,
  ApiOptionalOneOf,
  ApiProperty,
  ApiPropertyOptional,
} from '../platform/http/api-description.js';
import { PaymentDto } from './payment/payment.dto.js';

/** What became of a payment. */
export class PaymentChangeDto {
  @ApiOptionalOneOf(PAYMENT_STATUSES, { description: 'Absent when the payment became known with it.' })
  readonly fromStatus?: PaymentStatus;
  @ApiOneOf(PAYMENT_STATUSES, { description: 'The same as before where only a refund moved.' })
  readonly toStatus!: PaymentStatus;
  @ApiPropertyOptional({ format: 'uuid', description: 'Of a refund: which.' }) readonly refundId?: string;
  @ApiProperty({ format: 'date-time' }) readonly at!: string;
}

class PaymentEventDataDto {
  @ApiProperty({ description: 'Whose payment it is.' }) readonly customerId!: string;
  @ApiProperty({ type: PaymentChangeDto }) readonly change!: PaymentChangeDto;
  @ApiProperty({
    type: PaymentDto,
    description:
      'As it is read, without `sdkActionPayload`. It stands as it did when the event was first sent: it may already show ' +
      'the next change.',
  })
  readonly payment!: PaymentDto;
}

/** What the wallet's back end is told of a payment. */
export class PaymentEventDto {
  @ApiOneOf(EVENT_TYPE_NAMES) readonly type!: EventType;
  @ApiProperty({ format: 'date-time', description: 'When it happened.' }) readonly timestamp!: string;
  @ApiProperty({ type: PaymentEventDataDto }) readonly data!: PaymentEventDataDto;
}

/** A scan that came to nothing, and what the app was answered. */
export class RefusedScanDto {
  @ApiProperty({ format: 'uuid' }) readonly scanId!: string;
  @ApiOneOf(SCAN_STATUSES) readonly status!: ScanStatus;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ example: 'EXPIRED_CODE' }) readonly code!: string;
  @ApiProperty({ example: 'SHOW_CODE_EXPIRED' }) readonly action!: string;
  @ApiProperty({ example: 'scan.code_expired', description: 'A text of docs/app-texts.json.' })
  readonly messageKey!: string;
}

class ScanEventDataDto {
  @ApiProperty({ description: 'Who scanned.' }) readonly customerId!: string;
  @ApiProperty({ type: RefusedScanDto }) readonly scan!: RefusedScanDto;
}

/** What the wallet's back end is told of a scan. */
export class ScanEventDto {
  @ApiOneOf(EVENT_TYPE_NAMES) readonly type!: EventType;
  @ApiProperty({ format: 'date-time', description: 'When it happened.' }) readonly timestamp!: string;
  @ApiProperty({ type: ScanEventDataDto }) readonly data!: ScanEventDataDto;
}

import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';

/** Shapes of the answers, for the OpenAPI document; the answers themselves are built field by field. */
export class AmountAnswerDto {
  @ApiProperty({ example: 'HKD' }) readonly currency!: string;
  @ApiProperty({ example: '8518', description: 'Minor units, as a string.' }) readonly value!: string;
  @ApiProperty({ example: 'HK$85.18', description: 'For people.' }) readonly display!: string;
}

export class MerchantDto {
  @ApiPropertyOptional() readonly name?: string;
  @ApiPropertyOptional() readonly legalName?: string;
  @ApiPropertyOptional() readonly mcc?: string;
  @ApiPropertyOptional({ example: 'JP' }) readonly region?: string;
  @ApiPropertyOptional() readonly store?: string;
}

export class OrderDto {
  @ApiPropertyOptional() readonly referenceOrderId?: string;
  @ApiPropertyOptional() readonly orderDescription?: string;
}

export class PaymentResultDto {
  @ApiProperty({ enum: ['S', 'F'] }) readonly resultStatus!: string;
  @ApiProperty({ example: 'SUCCESS' }) readonly resultCode!: string;
  @ApiProperty() readonly resultMessage!: string;
}

export class NotificationStateDto {
  @ApiProperty({ enum: ['PENDING', 'DELIVERED', 'REJECTED', 'PARKED'] }) readonly status!: string;
}

export class PaymentDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty() readonly paymentRequestId!: string;
  @ApiProperty({
    enum: ['AWAITING_CONFIRMATION', 'HELD', 'DEBITING', 'PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'],
  })
  readonly status!: string;
  @ApiProperty({ enum: ['MERCHANT_PRESENTED', 'CASHIER', 'OTHER'] }) readonly scenario!: string;
  @ApiProperty({ type: OrderDto }) readonly order!: OrderDto;
  @ApiPropertyOptional({ type: MerchantDto }) readonly merchant?: MerchantDto;
  @ApiPropertyOptional({ type: AmountAnswerDto, description: 'What the payer pays: confirm with this.' })
  readonly payAmount?: AmountAnswerDto;
  @ApiPropertyOptional({ type: AmountAnswerDto, description: 'What the wallet settles.' })
  readonly payToAmount?: AmountAnswerDto;
  @ApiPropertyOptional({ type: AmountAnswerDto, description: "In the merchant's currency." })
  readonly paymentAmount?: AmountAnswerDto;
  @ApiPropertyOptional({ type: AmountAnswerDto }) readonly surcharge?: AmountAnswerDto;
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly quoteExpiresAt?: string;
  @ApiPropertyOptional({ description: 'Where the payer goes after the result.' })
  readonly redirectUrl?: string;
  @ApiPropertyOptional({ description: 'Why a HELD order cannot be paid.' }) readonly heldReason?: string;
  @ApiPropertyOptional({ enum: ['HANDLE_BY_SDK', 'SHOW_NOT_SUPPORTED', 'CONTACT_SUPPORT'] })
  readonly action?: string;
  @ApiPropertyOptional() readonly sdkActionPayload?: string;
  @ApiPropertyOptional({ type: PaymentResultDto }) readonly result?: PaymentResultDto;
  @ApiPropertyOptional() readonly paymentTime?: string;
  @ApiPropertyOptional({ type: NotificationStateDto }) readonly notification?: NotificationStateDto;
}

export class ScanDecodedDto {
  @ApiProperty({ format: 'uuid' }) readonly scanId!: string;
  @ApiProperty({ enum: ['DECODED'] }) readonly status!: string;
  @ApiProperty({ type: PaymentDto }) readonly payment!: PaymentDto;
}

export class ScanPendingDto {
  @ApiProperty({ format: 'uuid' }) readonly scanId!: string;
  @ApiProperty({ enum: ['PENDING'] }) readonly status!: string;
  @ApiProperty({ format: 'date-time' }) readonly nextAttemptAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly givesUpAt!: string;
}

export class FieldFaultDto {
  @ApiProperty({ example: 'payAmount.value' }) readonly field!: string;
  @ApiProperty({ example: 'must be a string of digits, a natural number from 1' }) readonly rule!: string;
}

/** RFC 9457. */
export class ProblemDto {
  @ApiProperty() readonly type!: string;
  @ApiProperty() readonly title!: string;
  @ApiProperty() readonly status!: number;
  @ApiPropertyOptional() readonly detail?: string;
  @ApiProperty({ description: 'Stable: decide by it.' }) readonly code!: string;
  @ApiProperty() readonly requestId!: string;
  @ApiPropertyOptional({ type: [FieldFaultDto] }) readonly errors?: FieldFaultDto[];
  @ApiPropertyOptional({ description: 'What the app should do.' }) readonly action?: string;
}

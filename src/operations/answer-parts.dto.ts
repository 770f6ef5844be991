import {
  DEBIT_STATUSES,
  NOTIFICATION_STATUSES,
  PAYMENT_STATUSES,
  type DebitStatus,
  type NotificationStatus,
  type PaymentStatus,
} from '../payment-order/order/payment-status.js';
import { ApiOneOf, ApiOptionalOneOf, ApiProperty } from '../platform/http/api-description.js';

/** The three statuses of a payment. */
export class AxesDto {
  @ApiOneOf(PAYMENT_STATUSES) readonly status!: PaymentStatus;
  @ApiOptionalOneOf(DEBIT_STATUSES, {
    description: 'Of the debit that counts; absent when the order was not confirmed.',
  })
  readonly debit?: DebitStatus;
  @ApiOptionalOneOf(NOTIFICATION_STATUSES, { description: 'Absent until the order is final.' })
  readonly notification?: NotificationStatus;
}

export class ShownAmountDto {
  @ApiProperty({ example: 'HKD' }) readonly currency!: string;
  @ApiProperty({ example: '8518', description: 'Minor units, exact, as a string.' }) readonly value!: string;
  @ApiProperty({ example: 'HK$85.18', description: 'For people.' }) readonly display!: string;
}

export class TotalDto {
  @ApiProperty({ type: 'integer' }) readonly value!: number;
  @ApiProperty({ description: "True: taken from the planner's statistics, not counted." })
  readonly isEstimate!: boolean;
}

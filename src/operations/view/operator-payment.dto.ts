import { DEBIT_ALARMS, type DebitAlarm } from '../../payment-order/debit/debit.js';
import { REFUND_STATUSES, type RefundStatus } from '../../payment-order/refund/refund.js';
import {
  ACT_OUTCOMES,
  OPERATOR_ACTS,
  type ActOutcome,
  type OperatorAct,
} from '../../payment-order/operator/operator-action.js';
import { SCENARIOS, type Scenario } from '../../payment-order/order/order-content.js';
import { PROOF_NAMES, SUPPORTABLE_FLAGS, type ProofName } from '../../payment-order/order/requirements.js';
import {
  DEBIT_STATUSES,
  NOTIFICATION_STATUSES,
  PAYMENT_STATUSES,
  SCAN_STATUSES,
  type DebitStatus,
  type NotificationStatus,
  type PaymentStatus,
  type ScanStatus,
} from '../../payment-order/order/payment-status.js';
import { ApiOneOf, ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { ApprovalDto } from '../approvals/approval.dto.js';
import { AxesDto, ShownAmountDto } from '../answer-parts.dto.js';
import { ApiOptionalTime, ApiTime } from '../clocks.js';
import { NoteDto } from '../notes/note.dto.js';
import { TimelineEventDto } from './timeline.dto.js';

export class MerchantSeenDto {
  @ApiPropertyOptional() readonly id?: string;
  @ApiPropertyOptional() readonly name?: string;
  @ApiPropertyOptional() readonly legalName?: string;
  @ApiPropertyOptional() readonly mcc?: string;
  @ApiPropertyOptional({ example: 'JP' }) readonly region?: string;
  @ApiPropertyOptional() readonly store?: string;
}

class MinorUnitsDto {
  @ApiProperty({ example: 'JPY' }) readonly currency!: string;
  @ApiProperty({ example: '5', description: 'Minor units, as a string.' }) readonly value!: string;
}

class PromotionSeenDto {
  @ApiPropertyOptional() readonly promoId?: string;
  @ApiPropertyOptional() readonly promoName?: string;
  @ApiPropertyOptional() readonly promoType?: string;
  @ApiPropertyOptional({ type: MinorUnitsDto }) readonly savingsAmount?: MinorUnitsDto;
}

/** One line of what is bought. */
class GoodsSeenDto {
  @ApiPropertyOptional({ example: 'Coffee' }) readonly name?: string;
  @ApiPropertyOptional({ example: '2', description: 'How many, as a string.' }) readonly quantity?: string;
  @ApiPropertyOptional({ type: MinorUnitsDto, description: 'Price of one.' })
  readonly unitAmount?: MinorUnitsDto;
}

/** The requirements of the order besides its money. */
export class RequirementsSeenDto {
  @ApiProperty({
    enum: SUPPORTABLE_FLAGS,
    isArray: true,
    description: 'Flags of the answer that are raised.',
  })
  readonly flags!: readonly string[];
  @ApiProperty({ enum: PROOF_NAMES, isArray: true, description: 'What a confirm has to bring.' })
  readonly proofs!: readonly ProofName[];
  @ApiProperty({
    enum: ['authorizationInfo', 'passThroughInfo'],
    isArray: true,
    description: 'What else is there for the app, by name. What it holds is in the raw answer.',
  })
  readonly others!: readonly ('authorizationInfo' | 'passThroughInfo')[];
}

class RateSeenDto {
  @ApiProperty({ example: 'JPY/HKD' }) readonly quoteCurrencyPair!: string;
  @ApiProperty({ example: '0.0856', description: 'Exact, as a string.' }) readonly quotePrice!: string;
}

class ResultSeenDto {
  @ApiOneOf(['S', 'F']) readonly resultStatus!: 'S' | 'F';
  @ApiProperty({ example: 'SUCCESS' }) readonly resultCode!: string;
  @ApiProperty() readonly resultMessage!: string;
}

class ScanSeenDto {
  @ApiProperty({ format: 'uuid' }) readonly scanId!: string;
  @ApiProperty() readonly customerId!: string;
  @ApiProperty({
    description:
      'HMAC-SHA-256 of the code under a key of the installation; of older scans its SHA-256. The code itself is never shown.',
  })
  readonly codeSha256!: string;
  @ApiOneOf(SCAN_STATUSES) readonly status!: ScanStatus;
  @ApiProperty({ type: 'integer', description: 'How often Alipay+ was asked.' }) readonly tries!: number;
  @ApiTime() readonly createdAt!: Date;
}

class DebitAlarmSeenDto {
  @ApiOneOf(DEBIT_ALARMS) readonly alarm!: DebitAlarm;
  @ApiTime() readonly raisedAt!: Date;
}

export class DebitSeenDto {
  @ApiProperty({ format: 'uuid', description: 'The key the ledger knows it by.' }) readonly debitId!: string;
  @ApiProperty({ type: 'integer' }) readonly sequence!: number;
  @ApiPropertyOptional({ type: ShownAmountDto }) readonly amount?: ShownAmountDto;
  @ApiOneOf(DEBIT_STATUSES) readonly status!: DebitStatus;
  @ApiPropertyOptional() readonly refusalCode?: string;
  @ApiPropertyOptional({ example: 'timeout' }) readonly unknownReason?: string;
  @ApiPropertyOptional() readonly ledgerReference?: string;
  @ApiProperty({
    type: 'integer',
    description: 'How often the ledger was asked without a definite answer; starts again for a reversal.',
  })
  readonly tries!: number;
  @ApiTime('The ledger takes nothing after it.') readonly notAfter!: Date;
  @ApiOptionalTime() readonly nextAttemptAt?: Date;
  @ApiOptionalTime('A process is working on it until then.') readonly leaseUntil?: Date;
  @ApiTime() readonly createdAt!: Date;
  @ApiOptionalTime('When the money has to be back with the payer.') readonly reversalDueAt?: Date;
  @ApiOptionalTime('When Alipay+ has to have cancelled, because it refused the result.')
  readonly cancelDueAt?: Date;
  @ApiPropertyOptional({ type: [DebitAlarmSeenDto] }) readonly alarms?: readonly DebitAlarmSeenDto[];
}

export class RefundSeenDto {
  @ApiProperty({ format: 'uuid', description: 'The key the ledger knows it by.' }) readonly refundId!: string;
  @ApiProperty({ description: "Alipay+'s id of the refund." }) readonly refundRequestId!: string;
  @ApiOneOf(REFUND_STATUSES) readonly status!: RefundStatus;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'What goes back to the payer.' })
  readonly amount?: ShownAmountDto;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'In the currency of the order.' })
  readonly refundAmount?: ShownAmountDto;
  @ApiPropertyOptional({ description: 'The result code sent to Alipay+ for a refused one.' })
  readonly resultCode?: string;
  @ApiPropertyOptional({ description: 'In the words of the ledger.' }) readonly refusalCode?: string;
  @ApiPropertyOptional({ example: 'timeout' }) readonly unknownReason?: string;
  @ApiPropertyOptional({ description: 'What does not fit among its amounts, although it was let pass.' })
  readonly amountFlag?: string;
  @ApiPropertyOptional() readonly ledgerReference?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was made, exactly as sent to Alipay+.' })
  readonly refundTime?: string;
  @ApiProperty({ type: 'integer', description: 'How often the ledger was asked.' }) readonly tries!: number;
  @ApiOptionalTime() readonly nextAttemptAt?: Date;
  @ApiOptionalTime('A process is working on it until then.') readonly leaseUntil?: Date;
  @ApiTime() readonly createdAt!: Date;
}

class NotificationAlarmSeenDto {
  @ApiProperty({ example: '1h' }) readonly threshold!: string;
  @ApiTime() readonly raisedAt!: Date;
}

class NotificationSeenDto {
  @ApiOneOf(NOTIFICATION_STATUSES) readonly status!: NotificationStatus;
  @ApiProperty({ type: 'integer', description: 'How often it was sent.' }) readonly tries!: number;
  @ApiProperty({ description: 'Where it is sent.' }) readonly url!: string;
  @ApiProperty({ description: 'Of the bytes that are sent.' }) readonly bodySha256!: string;
  @ApiTime() readonly createdAt!: Date;
  @ApiOptionalTime() readonly nextAttemptAt?: Date;
  @ApiOptionalTime('A process is sending it until then.') readonly leaseUntil?: Date;
  @ApiTime('When it is parked unless it is acknowledged.') readonly givesUpAt!: Date;
  @ApiPropertyOptional({ example: 'unknown:timeout' }) readonly lastOutcome?: string;
  @ApiOptionalTime('When Alipay+ acknowledged it.') readonly deliveredAt?: Date;
  @ApiPropertyOptional({ description: 'Who asked for the attempt that is due.' })
  readonly requestedBy?: string;
  @ApiProperty({ type: [NotificationAlarmSeenDto] }) readonly alarms!: readonly NotificationAlarmSeenDto[];
}

/** The answers to Alipay+ when it asked by inquiryPayment. */
class InquiriesSeenDto {
  @ApiProperty({ type: 'integer', description: 'How often it asked.' }) readonly asked!: number;
  @ApiTime() readonly lastAskedAt!: Date;
  @ApiPropertyOptional({ example: 'S' }) readonly lastPaymentStatus?: string;
  @ApiPropertyOptional({ example: 'SUCCESS' }) readonly lastPaymentCode?: string;
  @ApiOptionalTime('When it was first answered a final result.') readonly finalSince?: Date;
}

/** One operator action as it is recorded. */
export class ActSeenDto {
  @ApiTime() readonly at!: Date;
  @ApiOneOf(OPERATOR_ACTS) readonly act!: OperatorAct;
  @ApiOneOf(ACT_OUTCOMES) readonly outcome!: ActOutcome;
  @ApiProperty({ example: 'operator:night-shift' }) readonly actor!: string;
  @ApiProperty() readonly reason!: string;
  @ApiPropertyOptional({ description: 'Why nothing was changed.' }) readonly why?: string;
  @ApiProperty({ type: AxesDto }) readonly before!: AxesDto;
  @ApiPropertyOptional({ type: AxesDto }) readonly after?: AxesDto;
}

/** All that is known of one payment, for operators. */
export class PaymentLookDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({ description: "Alipay+'s id of the order." }) readonly paymentRequestId!: string;
  @ApiProperty() readonly customerId!: string;
  @ApiOneOf(PAYMENT_STATUSES) readonly status!: PaymentStatus;
  @ApiOneOf(SCENARIOS) readonly scenario!: Scenario;
  @ApiPropertyOptional() readonly acquirerId?: string;
  @ApiPropertyOptional() readonly pspId?: string;
  @ApiPropertyOptional({ description: "The merchant's id of the order." }) readonly referenceOrderId?: string;
  @ApiPropertyOptional() readonly orderDescription?: string;
  @ApiPropertyOptional({ type: MinorUnitsDto, description: 'As the merchant stated it, before promotions.' })
  readonly orderAmount?: MinorUnitsDto;
  @ApiPropertyOptional({ type: [GoodsSeenDto], description: 'What is bought, as the merchant listed it.' })
  readonly goods?: readonly GoodsSeenDto[];
  @ApiPropertyOptional({
    type: RequirementsSeenDto,
    description: 'What the order asks for besides its money; absent when nothing.',
  })
  readonly requirements?: RequirementsSeenDto;
  @ApiPropertyOptional({ description: 'Where the payer goes after the result.' })
  readonly redirectUrl?: string;
  @ApiPropertyOptional({ type: MerchantSeenDto }) readonly merchant?: MerchantSeenDto;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'What the payer pays.' })
  readonly payAmount?: ShownAmountDto;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'What the wallet settles.' })
  readonly payToAmount?: ShownAmountDto;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'What the merchant asked for.' })
  readonly paymentAmount?: ShownAmountDto;
  @ApiProperty() readonly isSurcharged!: boolean;
  @ApiProperty({ type: [PromotionSeenDto] }) readonly promotions!: readonly PromotionSeenDto[];
  @ApiPropertyOptional({ type: RateSeenDto }) readonly exchangeRate?: RateSeenDto;
  @ApiPropertyOptional() readonly quoteId?: string;
  @ApiOptionalTime() readonly quoteExpiresAt?: Date;
  @ApiPropertyOptional({ description: 'Why an order is held, or can never be paid.' })
  readonly heldReason?: string;
  @ApiPropertyOptional({ description: 'Which amounts did not fit each other, even if that was let pass.' })
  readonly amountFlag?: string;
  @ApiProperty({ description: 'Alipay+ answered twice, and differently; the first answer is kept.' })
  readonly contentConflict!: boolean;
  @ApiTime() readonly createdAt!: Date;
  @ApiTime() readonly expiresAt!: Date;
  @ApiOptionalTime() readonly cancelRequestedAt?: Date;
  @ApiOptionalTime() readonly finishedAt?: Date;
  @ApiPropertyOptional({ type: ResultSeenDto }) readonly result?: ResultSeenDto;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was paid, exactly as sent to Alipay+.' })
  readonly paymentTime?: string;
  @ApiTime('When the rows were read, by the database’s clock.') readonly readAt!: Date;
  @ApiProperty({ type: [ScanSeenDto] }) readonly scans!: readonly ScanSeenDto[];
  @ApiProperty({
    type: [DebitSeenDto],
    description: 'In the order they were made; all but the last are refused.',
  })
  readonly debits!: readonly DebitSeenDto[];
  @ApiProperty({ type: [RefundSeenDto], description: 'The first one first, those that were refused too.' })
  readonly refunds!: readonly RefundSeenDto[];
  @ApiPropertyOptional({ type: NotificationSeenDto, description: 'Absent until the order is final.' })
  readonly notification?: NotificationSeenDto;
  @ApiPropertyOptional({ type: InquiriesSeenDto }) readonly inquiries?: InquiriesSeenDto;
  @ApiPropertyOptional({ description: 'As it was asked for.' }) readonly zone?: string;
  @ApiProperty({ type: [ActSeenDto], description: 'Newest first.' }) readonly acts!: readonly ActSeenDto[];
  @ApiProperty({ type: [NoteDto], description: 'What operators wrote about it, newest first.' })
  readonly notes!: readonly NoteDto[];
  @ApiProperty({ type: [ApprovalDto], description: 'What needed a second person, newest first.' })
  readonly approvals!: readonly ApprovalDto[];
  @ApiProperty({ type: [TimelineEventDto], description: 'Oldest first.' })
  readonly timeline!: readonly TimelineEventDto[];
  @ApiPropertyOptional({ description: 'Only the newest events are in it.' })
  readonly timelineStartsLate?: true;
}

import {
  NOTIFICATION_STATUSES,
  PAYMENT_STATUSES,
  type NotificationStatus,
  type PaymentStatus,
} from '../../payment-order/order/payment-status.js';
import { PROOF_NAMES, SUPPORTABLE_FLAGS, type ProofName } from '../../payment-order/order/requirements.js';
import { SCENARIOS, type Scenario } from '../../payment-order/order/order-content.js';
import {
  ApiOneOf,
  ApiOptionalOneOf,
  ApiProperty,
  ApiPropertyOptional,
} from '../../platform/http/api-description.js';
import { PAYER_ADVICE } from '../payer-advice.js';
import { STANDING_KEYS, type StandingKey } from './payment-standing.js';

type StandingAction = (typeof PAYER_ADVICE)[StandingKey]['action'];
const STANDING_ACTIONS = [...new Set(STANDING_KEYS.map((key) => PAYER_ADVICE[key].action))];
const HELD_REASON = 'Why the payment is HELD; or, when it FAILED at once, why it can never be paid.';

class ExactAmountDto {
  @ApiProperty({ example: 'HKD', description: 'Alphabetic code of ISO 4217.' }) readonly currency!: string;
  @ApiProperty({ example: '8518', description: 'Minor units, as a string.' }) readonly value!: string;
}

export class AmountAnswerDto extends ExactAmountDto {
  @ApiProperty({ example: 'HK$85.18', description: 'For people.' }) readonly display!: string;
}

/** As Alipay+ passed it on. */
export class StatedAmountDto extends ExactAmountDto {
  @ApiPropertyOptional({
    example: '¥1,000',
    description: 'For people; absent when nobody can tell its unit.',
  })
  readonly display?: string;
}

export class MerchantDto {
  @ApiPropertyOptional() readonly name?: string;
  @ApiPropertyOptional() readonly legalName?: string;
  @ApiPropertyOptional() readonly mcc?: string;
  @ApiPropertyOptional({ example: 'JP' }) readonly region?: string;
  @ApiPropertyOptional() readonly store?: string;
}

export class GoodsDto {
  @ApiPropertyOptional({ example: 'Matcha latte' }) readonly name?: string;
  @ApiPropertyOptional({ example: '2', description: 'How many, as a string.' }) readonly quantity?: string;
  @ApiPropertyOptional({ type: StatedAmountDto, description: 'Price of one.' })
  readonly unitAmount?: StatedAmountDto;
}

export class OrderDto {
  @ApiPropertyOptional({ description: "The merchant's id of the order." }) readonly referenceOrderId?: string;
  @ApiPropertyOptional() readonly orderDescription?: string;
  @ApiPropertyOptional({ type: StatedAmountDto, description: 'As the merchant stated it.' })
  readonly orderAmount?: StatedAmountDto;
  @ApiPropertyOptional({ type: [GoodsDto], description: 'What is bought, as the merchant listed it.' })
  readonly goods?: readonly GoodsDto[];
}

export class ExchangeRateDto {
  @ApiProperty({ example: 'JPY/HKD' }) readonly quoteCurrencyPair!: string;
  @ApiProperty({ example: '0.0856', description: 'Exact, as a string.' }) readonly quotePrice!: string;
  @ApiPropertyOptional({ description: 'Confirm with it to insist on this rate.' }) readonly quoteId?: string;
}

export class PromotionDto {
  @ApiPropertyOptional() readonly promoId?: string;
  @ApiPropertyOptional() readonly promoName?: string;
  @ApiPropertyOptional() readonly promoType?: string;
  @ApiPropertyOptional({ type: StatedAmountDto }) readonly savingsAmount?: StatedAmountDto;
}

export class PaymentResultDto {
  @ApiOneOf(['S', 'F']) readonly resultStatus!: 'S' | 'F';
  @ApiProperty({ example: 'SUCCESS' }) readonly resultCode!: string;
  @ApiProperty() readonly resultMessage!: string;
}

export class NotificationStateDto {
  @ApiOneOf(NOTIFICATION_STATUSES) readonly status!: NotificationStatus;
}

/** What of a refund the payer sees; IN_DOUBT is on its way like REQUESTED. */
export const REFUNDS_SEEN = ['REQUESTED', 'IN_DOUBT', 'REFUNDED'] as const;

export class RefundDto {
  @ApiProperty({ format: 'uuid' }) readonly refundId!: string;
  @ApiOneOf(REFUNDS_SEEN, { description: 'REFUNDED: the money is back. Otherwise it is on its way.' })
  readonly status!: (typeof REFUNDS_SEEN)[number];
  @ApiPropertyOptional({ type: AmountAnswerDto, description: 'What the payer gets back.' })
  readonly amount?: AmountAnswerDto;
  @ApiPropertyOptional({ type: AmountAnswerDto, description: "In the merchant's currency." })
  readonly refundAmount?: AmountAnswerDto;
  @ApiProperty({ format: 'date-time' }) readonly requestedAt!: string;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When the money was back, as sent to Alipay+.',
  })
  readonly refundTime?: string;
}

export class AuthorizationInfoDto {
  @ApiPropertyOptional() readonly referenceAgreementId?: string;
  @ApiPropertyOptional() readonly authClientId?: string;
  @ApiPropertyOptional() readonly authState?: string;
}

/** What an order asks for besides its money. */
export class RequirementsDto {
  @ApiProperty({
    enum: SUPPORTABLE_FLAGS,
    isArray: true,
    description: 'Flags of the answer that are raised.',
  })
  readonly flags!: readonly string[];
  @ApiProperty({ enum: PROOF_NAMES, isArray: true, description: 'A confirm has to bring each in `proofs`.' })
  readonly proofs!: readonly ProofName[];
  @ApiPropertyOptional({ type: AuthorizationInfoDto, description: 'What the payer is asked to authorise.' })
  readonly authorizationInfo?: AuthorizationInfoDto;
  @ApiPropertyOptional({ description: 'Key-value pairs from the acquirer, as they came.' })
  readonly passThroughInfo?: string;
}

export class PaymentDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({ description: "Alipay+'s id of the order." }) readonly paymentRequestId!: string;
  @ApiOneOf(PAYMENT_STATUSES) readonly status!: PaymentStatus;
  @ApiOneOf(SCENARIOS) readonly scenario!: Scenario;
  @ApiProperty({ type: OrderDto }) readonly order!: OrderDto;
  @ApiPropertyOptional({ type: MerchantDto }) readonly merchant?: MerchantDto;
  @ApiPropertyOptional({ type: AmountAnswerDto, description: 'What the payer pays: confirm with this.' })
  readonly payAmount?: AmountAnswerDto;
  @ApiPropertyOptional({ type: AmountAnswerDto, description: 'What the wallet settles.' })
  readonly payToAmount?: AmountAnswerDto;
  @ApiPropertyOptional({ type: AmountAnswerDto, description: "In the merchant's currency." })
  readonly paymentAmount?: AmountAnswerDto;
  @ApiPropertyOptional({ type: ExchangeRateDto }) readonly exchangeRate?: ExchangeRateDto;
  @ApiPropertyOptional({ format: 'date-time' }) readonly quoteExpiresAt?: string;
  @ApiProperty({ type: [PromotionDto] }) readonly promotions!: readonly PromotionDto[];
  @ApiPropertyOptional({
    type: AmountAnswerDto,
    description: 'The amount with the surcharge, if there is one.',
  })
  readonly surcharge?: AmountAnswerDto;
  @ApiPropertyOptional({
    type: RequirementsDto,
    description: 'What the order asks for besides its money; absent when nothing.',
  })
  readonly requirements?: RequirementsDto;
  @ApiProperty({ format: 'date-time', description: 'When the code was decoded.' })
  readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
  @ApiPropertyOptional({ description: 'Where the payer goes after the result.' })
  readonly redirectUrl?: string;
  @ApiPropertyOptional({ description: HELD_REASON }) readonly heldReason?: string;
  @ApiOptionalOneOf<StandingAction>(STANDING_ACTIONS, {
    description:
      'What the app does about a payment that cannot be paid; absent while it can be, and once it is.',
  })
  readonly action?: StandingAction;
  @ApiOptionalOneOf<StandingKey>(STANDING_KEYS, {
    description: 'Why it cannot be paid, for the payer; the texts are in `docs/app-texts.json`.',
  })
  readonly messageKey?: StandingKey;
  @ApiPropertyOptional({ description: 'For the SDK, with HANDLE_BY_SDK.' })
  readonly sdkActionPayload?: string;
  @ApiPropertyOptional({ type: PaymentResultDto, description: 'The final result, as sent to Alipay+.' })
  readonly result?: PaymentResultDto;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was paid, as sent to Alipay+.' })
  readonly paymentTime?: string;
  @ApiPropertyOptional({ type: NotificationStateDto }) readonly notification?: NotificationStateDto;
  @ApiPropertyOptional({
    type: [RefundDto],
    description: 'Money that goes back, the first one first; where payments are read.',
  })
  readonly refunds?: readonly RefundDto[];
}

export class PaymentPageDto {
  @ApiProperty({ type: [PaymentDto], description: 'The newest first.' })
  readonly payments!: readonly PaymentDto[];
  @ApiPropertyOptional({ description: 'For `cursor`, with the same filters; absent on the last page.' })
  readonly nextCursor?: string;
}

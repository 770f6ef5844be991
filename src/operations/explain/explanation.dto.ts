import { OPERATOR_ACTS, type OperatorAct } from '../../payment-order/operator/operator-action.js';
import { PAYMENT_STATUSES, type PaymentStatus } from '../../payment-order/order/payment-status.js';
import { ApiOneOf, ApiOptionalOneOf, ApiProperty } from '../../platform/http/api-description.js';
import { ACT_CAUSES, type ActCause } from '../acts/act-verdict.js';
import { AxesDto } from '../answer-parts.dto.js';
import { ApiOptionalTime, ApiTime } from '../clocks.js';

/** Who acts next. */
const STEP_BY = ['payer', 'service', 'wallet-ledger', 'alipay-plus', 'operator'] as const;
export type StepBy = (typeof STEP_BY)[number];

/** Actions by hand, outside the service, that must not be taken. */
const MANUAL_ACTIONS = [
  'debit-again',
  'tell-payer-it-failed',
  'refund-by-hand',
  'pay-anew',
  'change-rows',
] as const;
export type ManualAction = (typeof MANUAL_ACTIONS)[number];

export class EvidenceDto {
  @ApiProperty({ example: 'The ledger said that it took the money.' }) readonly sentence!: string;
  @ApiTime() readonly at!: Date;
  @ApiProperty({ example: 'payment_history', description: 'The table it was read from.' })
  readonly source!: string;
}

export class NextStepDto {
  @ApiProperty() readonly what!: string;
  @ApiOneOf(STEP_BY) readonly by!: StepBy;
  @ApiOptionalTime('When it is due; absent when it may happen at any time, or only if somebody wants it.')
  readonly at?: Date;
  @ApiOptionalTime('Until when it can happen.') readonly until?: Date;
  @ApiOptionalOneOf(PAYMENT_STATUSES, {
    description: 'The status it leads to, by the transition table; absent when the order stays where it is.',
  })
  readonly leadsTo?: PaymentStatus;
}

export class MayDoDto {
  @ApiOneOf(OPERATOR_ACTS) readonly act!: OperatorAct;
  @ApiProperty() readonly effect!: string;
}

export class NeedlessDto {
  @ApiOneOf(OPERATOR_ACTS) readonly act!: OperatorAct;
  @ApiOneOf(ACT_CAUSES, { description: 'For programs.' }) readonly cause!: ActCause;
  @ApiProperty() readonly why!: string;
}

export class MustNotDto {
  @ApiOneOf([...OPERATOR_ACTS, ...MANUAL_ACTIONS], {
    description: 'An act of the service, or something done by hand such as `refund-by-hand`.',
  })
  readonly act!: OperatorAct | ManualAction;
  @ApiOptionalOneOf(ACT_CAUSES, {
    example: 'DEBITING',
    description: 'For programs; of an act of the service.',
  })
  readonly cause?: ActCause;
  @ApiProperty() readonly why!: string;
}

export class ExplanationDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiTime('When the rows were read, by the database’s clock.') readonly readAt!: Date;
  @ApiProperty({ type: AxesDto }) readonly state!: AxesDto;
  @ApiProperty({ example: 'The payer has paid HK$89.16. Alipay+ has acknowledged the result.' })
  readonly standing!: string;
  @ApiProperty({ type: [EvidenceDto], description: 'Oldest first.' })
  readonly evidence!: readonly EvidenceDto[];
  @ApiProperty({
    type: [NextStepDto],
    description: 'Soonest first, what has no time last; empty when it is over.',
  })
  readonly next!: readonly NextStepDto[];
  @ApiProperty({ type: [MayDoDto], description: 'Possible now, and safe.' })
  readonly mayDo!: readonly MayDoDto[];
  @ApiProperty({ type: [NeedlessDto], description: 'Would change nothing, and why.' })
  readonly needless!: readonly NeedlessDto[];
  @ApiProperty({ type: [MustNotDto] }) readonly mustNot!: readonly MustNotDto[];
  @ApiProperty({
    type: [String],
    description: 'Rows that contradict each other; empty unless something is broken.',
  })
  readonly contradictions!: readonly string[];
}

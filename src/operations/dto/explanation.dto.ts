import { OPERATOR_ACTS } from '../../payment-order/operator/operator-action.js';
import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';

/** Shapes of the answers, for the OpenAPI document. */
export class AxesDto {
  @ApiProperty({
    enum: ['AWAITING_CONFIRMATION', 'HELD', 'DEBITING', 'PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED'],
  })
  readonly status!: string;
  @ApiPropertyOptional({
    enum: ['INTENDED', 'DEBITED', 'REFUSED', 'IN_DOUBT', 'REVERSING', 'REVERSED'],
    description: 'Of the debit that counts; absent when nobody confirmed.',
  })
  readonly debit?: string;
  @ApiPropertyOptional({
    enum: ['PENDING', 'DELIVERED', 'REJECTED', 'PARKED'],
    description: 'Absent until the order is final.',
  })
  readonly notification?: string;
}

export class EvidenceDto {
  @ApiProperty({ example: 'The ledger said that it took the money.' }) readonly sentence!: string;
  @ApiProperty({ format: 'date-time' }) readonly at!: string;
  @ApiProperty({ example: 'payment_history', description: 'The table it was read from.' })
  readonly source!: string;
}

export class NextStepDto {
  @ApiProperty() readonly what!: string;
  @ApiProperty({ enum: ['payer', 'service', 'wallet-ledger', 'alipay-plus', 'operator'] })
  readonly by!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it is due.' }) readonly at?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Until when it can happen.' })
  readonly until?: string;
  @ApiPropertyOptional({ description: 'The status it leads to, by the transition table.' })
  readonly leadsTo?: string;
}

export class MayDoDto {
  @ApiProperty({ enum: OPERATOR_ACTS }) readonly act!: string;
  @ApiProperty() readonly effect!: string;
}

export class MustNotDto {
  @ApiProperty({ description: 'An act of the service, or a deed beside it such as `refund-by-hand`.' })
  readonly act!: string;
  @ApiPropertyOptional({ example: 'DEBITING', description: 'A short word, for an act of the service.' })
  readonly cause?: string;
  @ApiProperty() readonly why!: string;
}

export class ExplanationDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({
    format: 'date-time',
    description: 'The moment the rows were read, by the database’s clock.',
  })
  readonly readAt!: string;
  @ApiProperty({ type: AxesDto }) readonly state!: AxesDto;
  @ApiProperty({ example: 'The payer has paid HK$89.16. Alipay+ has acknowledged the result.' })
  readonly standing!: string;
  @ApiProperty({ type: [EvidenceDto] }) readonly evidence!: EvidenceDto[];
  @ApiProperty({ type: [NextStepDto], description: 'Soonest first; empty when it is over.' })
  readonly next!: NextStepDto[];
  @ApiProperty({ type: [MayDoDto], description: 'Possible now, and safe.' }) readonly mayDo!: MayDoDto[];
  @ApiProperty({ type: [MustNotDto], description: 'Would change nothing, and why.' })
  readonly needless!: MustNotDto[];
  @ApiProperty({ type: [MustNotDto] }) readonly mustNot!: MustNotDto[];
  @ApiProperty({
    type: [String],
    description: 'Rows that contradict each other; empty unless something is broken.',
  })
  readonly contradictions!: string[];
}

import { DOUBTS, type Doubt } from '../../payment-order/doubt/doubts.js';
import { ApiOneOf, ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { ShownAmountDto } from '../answer-parts.dto.js';
import { ApiOptionalTime, ApiTime } from '../clocks.js';

export class DoubtSumDto {
  @ApiOneOf(DOUBTS) readonly doubt!: Doubt;
  @ApiProperty({ type: 'integer', description: 'How many payments.' }) readonly count!: number;
  @ApiPropertyOptional({
    type: ShownAmountDto,
    description: 'Of one currency, exact at any size; absent for orders without an amount.',
  })
  readonly sum?: ShownAmountDto;
  @ApiTime('When the oldest of them came into this state.') readonly oldestAt!: Date;
  @ApiProperty({ type: 'integer', description: 'In ms.' }) readonly oldestAgeMs!: number;
  @ApiOptionalTime('Of CANCELLED_NOT_REVERSED: when the first of it has to be back, 00:30 at UTC+8.')
  readonly dueAt?: Date;
}

export class LatencyDto {
  @ApiProperty({ type: 'integer', description: 'How many were measured.' }) readonly count!: number;
  @ApiPropertyOptional({ format: 'double', description: 'In ms, like the others.' }) readonly p50?: number;
  @ApiPropertyOptional({ format: 'double' }) readonly p95?: number;
  @ApiPropertyOptional({ format: 'double' }) readonly p99?: number;
}

class ScanFiguresDto {
  @ApiProperty({ type: 'integer' }) readonly begun!: number;
  @ApiProperty({ format: 'double' }) readonly perMinute!: number;
  @ApiProperty({ type: 'integer' }) readonly decoded!: number;
  @ApiProperty({ type: 'integer' }) readonly rejected!: number;
  @ApiProperty({ type: 'integer' }) readonly givenUp!: number;
  @ApiProperty({ type: 'integer' }) readonly pending!: number;
  @ApiPropertyOptional({ format: 'double', description: 'Decoded among those that are decided, 0 to 1.' })
  readonly successRate?: number;
  @ApiProperty({ type: LatencyDto, description: 'From the scan to its decoded order.' })
  readonly latencyMs!: LatencyDto;
}

class UnknownReasonDto {
  @ApiProperty({ example: 'timeout' }) readonly reason!: string;
  @ApiProperty({ type: 'integer' }) readonly count!: number;
}

class QuestionFiguresDto {
  @ApiProperty({ type: 'integer', description: 'Calls of userInitiatedPay.' }) readonly asked!: number;
  @ApiProperty({ type: 'integer' }) readonly unknown!: number;
  @ApiPropertyOptional({ format: 'double', description: '0 to 1.' }) readonly unknownRate?: number;
  @ApiProperty({ type: [UnknownReasonDto] }) readonly unknownReasons!: readonly UnknownReasonDto[];
}

class PaymentFiguresDto {
  @ApiProperty({ type: 'integer' }) readonly confirmed!: number;
  @ApiProperty({ format: 'double', description: 'Paid.' }) readonly perMinute!: number;
  @ApiProperty({ type: 'integer' }) readonly paid!: number;
  @ApiProperty({ type: 'integer' }) readonly refused!: number;
  @ApiProperty({ type: 'integer' }) readonly unsettled!: number;
  @ApiProperty({ type: LatencyDto, description: 'From the confirm to the money.' })
  readonly latencyMs!: LatencyDto;
}

class ResultFiguresDto {
  @ApiProperty({ type: 'integer' }) readonly final!: number;
  @ApiProperty({ type: 'integer' }) readonly acknowledged!: number;
  @ApiProperty({ type: LatencyDto, description: 'From the final state to the acknowledgement.' })
  readonly latencyMs!: LatencyDto;
}

/** All that began in a time range, and its state now. */
export class ActivityDto {
  @ApiTime('When it was read.') readonly at!: Date;
  @ApiTime('What began at or after it is counted.') readonly since!: Date;
  @ApiProperty({ type: ScanFiguresDto }) readonly scans!: ScanFiguresDto;
  @ApiProperty({ type: QuestionFiguresDto }) readonly questions!: QuestionFiguresDto;
  @ApiProperty({ type: PaymentFiguresDto }) readonly payments!: PaymentFiguresDto;
  @ApiProperty({ type: ResultFiguresDto }) readonly results!: ResultFiguresDto;
}

export class SummaryDto {
  @ApiTime('When the doubts were read.') readonly at!: Date;
  @ApiProperty({
    type: [DoubtSumDto],
    description: 'One for each currency; those without a payment are left out.',
  })
  readonly doubts!: readonly DoubtSumDto[];
  @ApiProperty({ type: ActivityDto }) readonly lastHour!: ActivityDto;
  @ApiProperty({
    type: ActivityDto,
    description: 'Read less often than the rest, because there is more to count.',
  })
  readonly lastDay!: ActivityDto;
}

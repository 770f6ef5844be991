import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { DOUBTS } from '../summary/summary.js';

/** Shapes of the answers, for the OpenAPI document. */
class ShownAmountDto {
  @ApiProperty({ example: 'HKD' }) readonly currency!: string;
  @ApiProperty({ example: '8518', description: 'Minor units, exact, as a string.' }) readonly value!: string;
  @ApiProperty({ example: 'HK$85.18' }) readonly display!: string;
}

class DoubtSumDto {
  @ApiProperty({ enum: DOUBTS }) readonly doubt!: string;
  @ApiProperty({ type: 'integer' }) readonly count!: number;
  @ApiPropertyOptional({ type: ShownAmountDto, description: 'Absent for orders without an amount.' })
  readonly sum?: ShownAmountDto;
  @ApiProperty({ format: 'date-time' }) readonly oldestAt!: string;
  @ApiProperty({ type: 'integer', description: 'In ms.' }) readonly oldestAgeMs!: number;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Of CANCELLED_NOT_REVERSED: when the first of it has to be back, 00:30 at UTC+8.',
  })
  readonly dueAt?: string;
}

class LatencyDto {
  @ApiProperty({ type: 'integer', description: 'How many were measured.' }) readonly count!: number;
  @ApiPropertyOptional({ description: 'In ms, like the others.' }) readonly p50?: number;
  @ApiPropertyOptional() readonly p95?: number;
  @ApiPropertyOptional() readonly p99?: number;
}

class ScanFiguresDto {
  @ApiProperty({ type: 'integer' }) readonly begun!: number;
  @ApiProperty() readonly perMinute!: number;
  @ApiProperty({ type: 'integer' }) readonly decoded!: number;
  @ApiProperty({ type: 'integer' }) readonly rejected!: number;
  @ApiProperty({ type: 'integer' }) readonly givenUp!: number;
  @ApiProperty({ type: 'integer' }) readonly pending!: number;
  @ApiPropertyOptional({ description: 'Decoded among those that are decided, 0 to 1.' })
  readonly successRate?: number;
  @ApiProperty({ type: LatencyDto, description: 'From the scan to its decoded order.' })
  readonly latencyMs!: LatencyDto;
}

class ReasonDto {
  @ApiProperty({ example: 'timeout' }) readonly reason!: string;
  @ApiProperty({ type: 'integer' }) readonly count!: number;
}

class QuestionFiguresDto {
  @ApiProperty({ type: 'integer', description: 'Calls of userInitiatedPay.' }) readonly asked!: number;
  @ApiProperty({ type: 'integer' }) readonly unknown!: number;
  @ApiPropertyOptional({ description: '0 to 1.' }) readonly unknownRate?: number;
  @ApiProperty({ type: [ReasonDto] }) readonly unknownReasons!: ReasonDto[];
}

class PaymentFiguresDto {
  @ApiProperty({ type: 'integer' }) readonly confirmed!: number;
  @ApiProperty({ description: 'Paid.' }) readonly perMinute!: number;
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

class ActivityDto {
  @ApiProperty({ format: 'date-time', description: 'When it was read.' }) readonly at!: string;
  @ApiProperty({ format: 'date-time', description: 'Counted is what began at or after it.' })
  readonly since!: string;
  @ApiProperty({ type: ScanFiguresDto }) readonly scans!: ScanFiguresDto;
  @ApiProperty({ type: QuestionFiguresDto }) readonly questions!: QuestionFiguresDto;
  @ApiProperty({ type: PaymentFiguresDto }) readonly payments!: PaymentFiguresDto;
  @ApiProperty({ type: ResultFiguresDto }) readonly results!: ResultFiguresDto;
}

export class SummaryDto {
  @ApiProperty({ format: 'date-time', description: 'When the doubts were read.' }) readonly at!: string;
  @ApiProperty({
    type: [DoubtSumDto],
    description: 'One for each currency; those without a payment are left out.',
  })
  readonly doubts!: DoubtSumDto[];
  @ApiProperty({ type: ActivityDto }) readonly lastHour!: ActivityDto;
  @ApiProperty({ type: ActivityDto }) readonly lastDay!: ActivityDto;
}

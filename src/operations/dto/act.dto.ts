import { IsBoolean, IsIn, Matches } from 'class-validator';
import { OPERATOR_ACTS, type OperatorAct } from '../../payment-order/operator/operator-action.js';
import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { Characters } from '../../platform/http/characters.decorator.js';
import { OptionalField } from '../../platform/http/optional-field.decorator.js';
import { AxesDto } from './explanation.dto.js';
import { PaymentAddress } from './payment-address.js';

/** Which act on which payment, in the address of a call. */
export class ActAddress extends PaymentAddress {
  @ApiProperty({ enum: OPERATOR_ACTS })
  @IsIn(OPERATOR_ACTS, { message: `must be one of ${OPERATOR_ACTS.join(', ')}` })
  readonly act!: OperatorAct;
}

/** Body of `POST /v1/operations/payments/{paymentId}/acts/{act}`. */
export class ActDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 200,
    description: 'Why; it is kept with the act.',
    example: 'the merchant closed the shop, ticket 4711',
  })
  @Characters(1, 200)
  @Matches(/^$|\S/, { message: 'must say something' })
  readonly reason!: string;

  @ApiPropertyOptional({ default: false, description: 'True only says what the act would do.' })
  @OptionalField()
  @IsBoolean({ message: 'must be true or false' })
  readonly dryRun?: boolean;
}

class ActCallDto {
  @ApiProperty({ enum: ['POST'] }) readonly method!: string;
  @ApiProperty() readonly path!: string;
}

class ActPreviewDto {
  @ApiProperty({ enum: OPERATOR_ACTS }) readonly act!: string;
  @ApiProperty({ enum: ['possible', 'needless', 'refused'] }) readonly verdict!: string;
  @ApiPropertyOptional({ description: 'Of a possible act.' }) readonly effect?: string;
  @ApiPropertyOptional({ description: 'A short word, for programs.' }) readonly cause?: string;
  @ApiPropertyOptional({ description: 'Of an act that is not possible.' }) readonly why?: string;
  @ApiProperty({ type: ActCallDto }) readonly call!: ActCallDto;
}

export class ActsPreviewDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({ format: 'date-time' }) readonly readAt!: string;
  @ApiProperty({ type: AxesDto }) readonly state!: AxesDto;
  @ApiProperty({ type: [ActPreviewDto] }) readonly acts!: ActPreviewDto[];
}

export class ActReportDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({ enum: OPERATOR_ACTS }) readonly act!: string;
  @ApiProperty() readonly dryRun!: boolean;
  @ApiProperty({ description: 'False: nothing was changed, and `why` says why.' }) readonly changed!: boolean;
  @ApiPropertyOptional({ description: 'What it did, or would do.' }) readonly effect?: string;
  @ApiPropertyOptional() readonly cause?: string;
  @ApiPropertyOptional() readonly why?: string;
  @ApiProperty({ type: AxesDto }) readonly before!: AxesDto;
  @ApiPropertyOptional({ type: AxesDto, description: 'Absent from a dry run.' }) readonly after?: AxesDto;
}

import { IsBoolean, IsIn } from 'class-validator';
import { OPERATOR_ACTS, type OperatorAct } from '../../payment-order/operator/operator-action.js';
import {
  ApiOneOf,
  ApiOptionalOneOf,
  ApiProperty,
  ApiPropertyOptional,
} from '../../platform/http/api-description.js';
import { OptionalField } from '../../platform/http/field.decorators.js';
import { AxesDto } from '../answer-parts.dto.js';
import { ApiTime } from '../clocks.js';
import { ReasonField } from '../reason.js';
import { PaymentAddress } from '../payment-address.js';
import { ACT_CAUSES, VERDICTS, type ActCause, type Verdict } from './act-verdict.js';

/** Path parameters of a call: the act and the payment. */
export class ActAddress extends PaymentAddress {
  @ApiProperty({ enum: OPERATOR_ACTS })
  @IsIn(OPERATOR_ACTS, { message: `must be one of ${OPERATOR_ACTS.join(', ')}` })
  readonly act!: OperatorAct;
}

/** Body of `POST /v1/operations/payments/{paymentId}/acts/{act}`. */
export class ActDto {
  @ReasonField('Why; it is kept with the act.', 'the merchant closed the shop, ticket 4711')
  readonly reason!: string;

  @ApiPropertyOptional({ default: false, description: 'True only says what the act would do.' })
  @OptionalField()
  @IsBoolean({ message: 'must be true or false' })
  readonly dryRun?: boolean;
}

/** The request of an act; the body is `{reason, dryRun?}`. */
class ActCallDto {
  @ApiOneOf(['POST']) readonly method!: 'POST';
  @ApiProperty() readonly path!: string;
}

class ActPreviewDto {
  @ApiOneOf(OPERATOR_ACTS) readonly act!: OperatorAct;
  @ApiOneOf(VERDICTS) readonly verdict!: Verdict;
  @ApiPropertyOptional({ description: 'What a possible act would do.' }) readonly effect?: string;
  @ApiOptionalOneOf(ACT_CAUSES, { description: 'Why an act is not possible, for programs.' })
  readonly cause?: ActCause;
  @ApiPropertyOptional({ description: 'Why an act is not possible, for people.' }) readonly why?: string;
  @ApiProperty({ description: 'True: a second person has to approve it.' })
  readonly needsApproval!: boolean;
  @ApiProperty({ type: ActCallDto }) readonly call!: ActCallDto;
}

/** The effect that each act would have on a payment now. */
export class ActsPreviewDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiTime() readonly readAt!: Date;
  @ApiProperty({ type: AxesDto }) readonly state!: AxesDto;
  @ApiProperty({ type: [ActPreviewDto] }) readonly acts!: readonly ActPreviewDto[];
}

/** The outcome of an act, or of its dry run. */
export class ActReportDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiOneOf(OPERATOR_ACTS) readonly act!: OperatorAct;
  @ApiProperty() readonly dryRun!: boolean;
  @ApiProperty({ description: 'False: nothing was changed, and `why` says why.' }) readonly changed!: boolean;
  @ApiProperty({ description: 'True: alone, it is only proposed, and a second person has to approve it.' })
  readonly needsApproval!: boolean;
  @ApiPropertyOptional({ description: 'What it did, or would do.' }) readonly effect?: string;
  @ApiOptionalOneOf(ACT_CAUSES) readonly cause?: ActCause;
  @ApiPropertyOptional() readonly why?: string;
  @ApiProperty({ type: AxesDto }) readonly before!: AxesDto;
  @ApiPropertyOptional({ type: AxesDto, description: 'Absent from a dry run.' }) readonly after?: AxesDto;
}

import { Matches } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { Characters, NestedField, OptionalField } from '../../platform/http/field.decorators.js';

export class IndirectMppDto {
  @ApiProperty({ minLength: 1, maxLength: 64, description: 'Id of the indirect MPP.' })
  @Characters(1, 64)
  readonly indirectMppId!: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 256, description: 'Its legal name.' })
  @OptionalField()
  @Characters(1, 256)
  readonly indirectMppName?: string;
}

/** Body of `POST /v1/scans`. Lengths are in characters, as Alipay+ counts them (docs/protocol.md). */
export class CreateScanDto {
  @ApiProperty({ minLength: 1, maxLength: 512, description: 'The code the payer scanned, byte for byte.' })
  @Characters(1, 512)
  readonly codeValue!: string;

  @ApiProperty({ minLength: 1, maxLength: 64, description: "The wallet's id of the payer." })
  @Characters(1, 64)
  readonly customerId!: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 20_000, description: 'Key-value pairs for the acquirer.' })
  @OptionalField()
  @Characters(1, 20_000)
  readonly passThroughInfo?: string;

  @ApiPropertyOptional({ type: IndirectMppDto, description: 'When another network stands between.' })
  @OptionalField()
  @NestedField(() => IndirectMppDto)
  readonly indirectMpp?: IndirectMppDto;
}

const LONGEST_WAIT_MS = 30_000;

export class WaitQuery {
  @ApiPropertyOptional({
    example: '20000',
    description: 'Long poll: wait up to this many ms for an answer; at most 30000.',
  })
  @OptionalField()
  @Matches(/^([0-9]{1,4}|[12]\d{4}|30000)$/, { message: 'must be a whole number of ms from 0 to 30000' })
  readonly waitMs?: string;

  static msOf(query: WaitQuery): number {
    return Math.min(Number(query.waitMs ?? 0), LONGEST_WAIT_MS);
  }
}

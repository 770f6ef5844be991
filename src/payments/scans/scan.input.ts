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

  @ApiPropertyOptional({ type: IndirectMppDto, description: 'When another network is in between.' })
  @OptionalField()
  @NestedField(() => IndirectMppDto)
  readonly indirectMpp?: IndirectMppDto;
}

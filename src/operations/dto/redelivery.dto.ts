import { IsBoolean, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { Characters } from '../../platform/http/characters.decorator.js';
import { OptionalField } from '../../platform/http/optional-field.decorator.js';
import { INSTANT, MOST_REDELIVERIES, REDELIVERABLE, type Redeliverable } from '../bulk-redelivery.js';

const REASON = {
  minLength: 1,
  maxLength: 200,
  description: 'Why, for the history of the payment.',
  example: 'Alipay+ mended its gateway, ticket 4711',
};
const INSTANT_RULE = { message: 'must be a time with an offset, such as 2026-03-01T08:00:00+08:00' };

/** Body of `POST /v1/operations/payments/{paymentId}/redeliver`. */
export class RedeliverDto {
  @ApiProperty(REASON)
  @Characters(1, 200)
  @Matches(/^$|\S/, { message: 'must say something' })
  readonly reason!: string;
}

/** Body of `POST /v1/operations/redeliver`. */
export class RedeliverManyDto {
  @ApiProperty({
    example: '2026-03-01T00:00:00+08:00',
    description: 'Only results that became final at or after it.',
  })
  @Matches(INSTANT, INSTANT_RULE)
  readonly since!: string;

  @ApiPropertyOptional({ example: '2026-03-02T00:00:00+08:00', description: 'Only those before it.' })
  @OptionalField()
  @Matches(INSTANT, INSTANT_RULE)
  readonly until?: string;

  @ApiPropertyOptional({
    example: 'open-sea.alipayplus.com',
    description: 'Only those for this host; with a port only for that port.',
  })
  @OptionalField()
  @Characters(1, 260)
  readonly host?: string;

  @ApiPropertyOptional({ enum: REDELIVERABLE, default: 'PARKED', description: 'ALL is both of the others.' })
  @OptionalField()
  @IsIn(REDELIVERABLE)
  readonly status?: Redeliverable;

  @ApiProperty(REASON)
  @Characters(1, 200)
  @Matches(/^$|\S/, { message: 'must say something' })
  readonly reason!: string;

  @ApiPropertyOptional({ default: true, description: 'True only lists what would be asked for.' })
  @OptionalField()
  @IsBoolean({ message: 'must be true or false' })
  readonly dryRun?: boolean;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_REDELIVERIES,
    default: 100,
    description: 'The most that are asked for, oldest first.',
  })
  @OptionalField()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(MOST_REDELIVERIES)
  readonly cap?: number;
}

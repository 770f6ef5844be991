import { Matches } from 'class-validator';
import { ApiPropertyOptional } from '../platform/http/api-description.js';
import { OptionalField } from '../platform/http/field.decorators.js';

const LONGEST_WAIT_MS = 30_000;

/** Query of what may be waited for. */
export class WaitQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: LONGEST_WAIT_MS,
    example: 20_000,
    description: 'Long poll: wait up to this many ms for an answer that is no longer pending.',
  })
  @OptionalField()
  @Matches(/^([0-9]{1,4}|[12]\d{4}|30000)$/, { message: 'must be a whole number of ms from 0 to 30000' })
  readonly waitMs?: string;

  static msOf(query: WaitQuery): number {
    return Math.min(Number(query.waitMs ?? 0), LONGEST_WAIT_MS);
  }
}

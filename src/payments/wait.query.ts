import { ValidateBy } from 'class-validator';
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
  @ValidateBy({
    name: 'waitMs',
    validator: {
      validate: (text) => /^\d{1,5}$/.test(String(text)) && Number(text) <= LONGEST_WAIT_MS,
      defaultMessage: () => `must be a whole number of ms from 0 to ${LONGEST_WAIT_MS}`,
    },
  })
  readonly waitMs?: string;

  static msOf(query: WaitQuery): number {
    return Number(query.waitMs ?? 0);
  }
}

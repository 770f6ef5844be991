import { IsBoolean, IsInt, Matches, Max, Min } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '../platform/http/api-description.js';
import { OptionalField } from '../platform/http/field.decorators.js';

/** The most that one call resends, and the default. */
export const MOST_AT_ONCE = 1_000;
export const USUAL_CAP = 100;

/** ISO 8601 with an offset, so that it means the same time everywhere. */
export const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const INSTANT_RULE = { message: 'must be a time with an offset, such as 2026-03-01T08:00:00+08:00' };

export function capOf({ cap = USUAL_CAP }: { readonly cap?: number }): number {
  return Math.min(cap, MOST_AT_ONCE);
}

/** A time in the body of a bulk resend; the description says what it selects. */
export function SinceField(description: string): (body: { readonly since: string }, name: 'since') => void {
  return (body, name) => {
    ApiProperty({ format: 'date-time', example: '2026-03-01T00:00:00+08:00', description })(body, name);
    Matches(INSTANT, INSTANT_RULE)(body, name);
  };
}

export function UntilField(): (body: { readonly until?: string }, name: 'until') => void {
  return (body, name) => {
    ApiPropertyOptional({
      format: 'date-time',
      example: '2026-03-02T00:00:00+08:00',
      description: 'Only those before it.',
    })(body, name);
    OptionalField()(body, name);
    Matches(INSTANT, INSTANT_RULE)(body, name);
  };
}

export function DryRunField(
  description: string,
): (body: { readonly dryRun?: boolean }, name: 'dryRun') => void {
  return (body, name) => {
    ApiPropertyOptional({ default: true, description })(body, name);
    OptionalField()(body, name);
    IsBoolean({ message: 'must be true or false' })(body, name);
  };
}

export function CapField(description: string): (body: { readonly cap?: number }, name: 'cap') => void {
  return (body, name) => {
    ApiPropertyOptional({
      type: 'integer',
      minimum: 1,
      maximum: MOST_AT_ONCE,
      default: USUAL_CAP,
      description,
    })(body, name);
    OptionalField()(body, name);
    IsInt({ message: 'must be a whole number' })(body, name);
    Min(1)(body, name);
    Max(MOST_AT_ONCE)(body, name);
  };
}

import { ValidateIf } from 'class-validator';

/** The field may be absent. Unlike class-validator's own `IsOptional`, a `null` is not taken for absence. */
export function OptionalField(): PropertyDecorator {
  return ValidateIf((_object: object, value: unknown) => value !== undefined);
}

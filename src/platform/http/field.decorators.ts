import { ValidateBy, type ValidationArguments, IsObject, ValidateNested, ValidateIf } from 'class-validator';
import { type ClassConstructor, Type } from 'class-transformer';

/**
 * A string of `min` to `max` characters. Characters are code points, as PostgreSQL and people count them; UTF-16
 * units would count an emoji twice. A NUL or half a surrogate pair is refused: neither can be stored as text.
 */
export function Characters(min: number, max: number): PropertyDecorator {
  return ValidateBy({
    name: 'characters',
    constraints: [min, max],
    validator: {
      validate: (value: unknown) => brokenRule(value, min, max) === undefined,
      defaultMessage: (told?: ValidationArguments) =>
        brokenRule(told?.value, min, max) ?? 'is not acceptable',
    },
  });
}

/** Why a text cannot be taken, whatever its length; undefined for one that can. */
export function brokenTextRule(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain a NUL character';
  if (!text.isWellFormed()) return 'must be well-formed Unicode';
  return undefined;
}

function brokenRule(value: unknown, min: number, max: number): string | undefined {
  if (value === undefined) return 'is required';
  if (Array.isArray(value)) return 'must be one string, not several';
  if (typeof value !== 'string') return 'must be a string';
  // A character has at most two units: a text that is far too long is not counted.
  if (value.length > 2 * max) return lengthRule(min, max);
  const broken = brokenTextRule(value);
  if (broken !== undefined) return broken;
  const length = characterCount(value);
  if (length < min || length > max) return lengthRule(min, max);
  return undefined;
}

/** As PostgreSQL counts. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}

function lengthRule(min: number, max: number): string {
  if (min === max) return `must be exactly ${min} characters long`;
  return `must be ${min} to ${max} characters long`;
}

/**
 * A nested object of one class. `ValidateNested` alone lets a missing value, a `null` and an empty list pass,
 * so the object itself is required first.
 */
export function NestedField(classOf: () => ClassConstructor<object>): PropertyDecorator {
  const decorators = [IsObject({ message: 'must be an object' }), ValidateNested(), Type(classOf)];
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

/** The field may be absent. Unlike class-validator's own `IsOptional`, a `null` is not taken for absence. */
export function OptionalField(): PropertyDecorator {
  return ValidateIf((_object: object, value: unknown) => value !== undefined);
}

import { type ClassConstructor, Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';

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

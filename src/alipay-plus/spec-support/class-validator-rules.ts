import 'reflect-metadata';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsObject,
  IsOptional,
  ValidateBy,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';
import { wireFieldsOf, type WireClass, type WireShape } from '../wire/wire-field.js';
import { readScalar } from '../wire/wire-reader.js';

const declared = new Set<WireClass>();

/**
 * The same declarations given to class-validator and class-transformer: a second opinion to hold the reader against,
 * and to show what it costs.
 */
export function validatedByLibrary(type: WireClass, raw: object): readonly ValidationError[] {
  declareRules(type);
  return validateSync(plainToInstance(type, raw));
}

function declareRules(type: WireClass): void {
  if (declared.has(type)) return;
  declared.add(type);
  for (const { name, value, required } of wireFieldsOf(type)) {
    if (value.shape !== 'scalar') declareRules(value.of);
    for (const rule of [required ? IsDefined() : IsOptional(), ...rulesOf(value)]) {
      rule(type.prototype as object, name); // the prototype of a class is an object
    }
  }
}

function rulesOf(value: WireShape): PropertyDecorator[] {
  if (value.shape === 'scalar') {
    const { kind } = value;
    const validator = { validate: (given: unknown) => kind.accepts(given), defaultMessage: () => kind.rule };
    return [
      Transform((read) => readScalar(kind, read.value), { toClassOnly: true }),
      ValidateBy({ name: kind.type, validator }),
    ];
  }
  const nested = Type(() => value.of);
  if (value.shape === 'object') return [nested, IsObject(), ValidateNested()];
  const size = value.maxElements === undefined ? [] : [ArrayMaxSize(value.maxElements)];
  return [nested, IsArray(), ...size, ValidateNested({ each: true })];
}

import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsObject,
  IsOptional,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { readScalar, type ScalarKind } from './scalar-kind.js';

export type WireClass<T extends object = object> = new () => T;

export type WireShape =
  | { readonly shape: 'scalar'; readonly kind: ScalarKind }
  | { readonly shape: 'object'; readonly of: WireClass; readonly keptWhole: boolean }
  | { readonly shape: 'list'; readonly of: WireClass; readonly maxElements?: number };

export interface WireField {
  readonly name: string;
  readonly value: WireShape;
  readonly required: boolean;
  /** In words, for the protocol document. */
  readonly when: string;
}

/** A field the API calls REQUIRED of the object it stands in. */
export function Required(value: WireShape): PropertyDecorator {
  return declare({ value, required: true, when: 'always' });
}

/** A field that is there only under a condition, named in words. */
export function Optional(value: WireShape, when: string): PropertyDecorator {
  return declare({ value, required: false, when });
}

export function object(of: WireClass): WireShape {
  return { shape: 'object', of, keptWhole: false };
}

/** An object that is kept whole or not at all: half an amount is worse than none. */
export function whole(of: WireClass): WireShape {
  return { shape: 'object', of, keptWhole: true };
}

export function list(of: WireClass, maxElements?: number): WireShape {
  return { shape: 'list', of, ...(maxElements === undefined ? {} : { maxElements }) };
}

/** The fields of a wire class in the order they are written, which is also the order they are sent in. */
export function wireFieldsOf(type: WireClass): readonly WireField[] {
  const prototype: unknown = type.prototype;
  return typeof prototype === 'object' && prototype !== null ? (declared.get(prototype) ?? []) : [];
}

const declared = new WeakMap<object, WireField[]>();

/**
 * One declaration feeds three readers: class-validator and class-transformer, the compiled reader, and the protocol
 * document. None of them can know a field or a limit that the others do not.
 */
function declare(field: Omit<WireField, 'name'>): PropertyDecorator {
  return (target, property) => {
    const own = declared.get(target) ?? [];
    own.push({ ...field, name: String(property) });
    declared.set(target, own);
    const presence = field.required ? IsDefined() : IsOptional();
    for (const rule of [presence, ...rulesOf(field.value)]) rule(target, property);
  };
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

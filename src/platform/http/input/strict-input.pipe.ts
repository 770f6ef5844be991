import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { boundedFaults, fieldFaults } from './field-faults.js';
import { platformProblem } from '../platform-problems.js';
import type { ProblemError, FieldFault } from '../problem.js';
import { textFaults } from './text-faults.js';

/** What Nest names as the type of a parameter that has no class of its own to be validated by. */
const PLAIN_TYPES: ReadonlySet<unknown> = new Set([Object, String, Number, Boolean, Array, Buffer]);

/**
 * Takes a body, query or path parameter only when every field is known and keeps every rule; else 400 with all
 * faults at once. What comes out is an instance of the class the controller declared.
 */
@Injectable()
export class StrictInputPipe implements PipeTransform {
  /** None of our rules has to wait for anything. */
  transform(input: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    // Parameters of our own decorators are made by us; bytes are judged by the door that asked for them.
    if (type === 'custom' || Buffer.isBuffer(input)) return input;
    // A single parameter is named in the answer; the fields of a whole body or query stand for themselves.
    const { faults, isSafe } = textFaults(input, data ?? '', type);
    if (metatype === undefined || PLAIN_TYPES.has(metatype)) {
      if (faults.length > 0) throw refusal(faults);
      return input;
    }
    // Without a body every required field is missing, and the caller should read which.
    const plain = input === undefined ? {} : input;
    if (!isObject(plain)) throw refusal([{ field: type, rule: 'must be a JSON object' }]);
    if (!isSafe) throw refusal(faults);
    // Nest types a metatype by its call signature only; here it is the class the controller declared.
    return instanceOf(metatype as ClassConstructor<object>, plain, faults);
  }
}

function instanceOf(shape: ClassConstructor<object>, plain: object, texts: readonly FieldFault[]): object {
  const instance = plainToInstance(shape, plain);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    stopAtFirstError: false,
  });
  const faults = [...texts, ...fieldFaults(errors)];
  if (faults.length > 0) throw refusal(faults);
  return instance;
}

function refusal(faults: readonly FieldFault[]): ProblemError {
  return platformProblem('INVALID_REQUEST', { errors: boundedFaults(faults) });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { ValidationError } from 'class-validator';
import type { FieldFault } from '../problem.js';

const MAX_FAULTS = 100;
const MAX_FIELD_LENGTH = 120;

/** Plain words for rules whose own text speaks the validator's language. */
const RULE_TEXTS: Readonly<Record<string, string>> = {
  whitelistValidation: 'is not a known field',
  nestedValidation: 'must be an object',
  unknownValue: 'must be an object',
  isDefined: 'is required',
};

/** Every field that breaks a rule, by its path (`box.unit`), nested ones included. */
export function fieldFaults(errors: readonly ValidationError[], parent = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const field = pathOf(parent, error.property);
    return [...ownFaults(error, field), ...fieldFaults(error.children ?? [], field)];
  });
}

export function pathOf(parent: string, property: string): string {
  return parent === '' ? property : `${parent}.${property}`;
}

/** Each fault once, in a bounded list of bounded names: an unknown field is named by the caller, at any length. */
export function boundedFaults(faults: readonly FieldFault[]): FieldFault[] {
  const unique = new Map(faults.map((fault) => [`${fault.field}\n${fault.rule}`, fault]));
  return [...unique.values()]
    .slice(0, MAX_FAULTS)
    .map(({ field, rule }) => ({ field: shortened(field), rule }));
}

function ownFaults(error: ValidationError, field: string): FieldFault[] {
  const constraints = Object.entries(error.constraints ?? {});
  const isUnknown = error.constraints?.whitelistValidation !== undefined;
  // One fault says it all about an absent field; each of its rules would only repeat it.
  if (error.value === undefined && constraints.length > 0 && !isUnknown)
    return [{ field, rule: 'is required' }];
  return constraints.map(([name, text]) => ({ field, rule: ruleText(name, text, error.property) }));
}

function ruleText(name: string, text: string, property: string): string {
  const known = RULE_TEXTS[name];
  if (known !== undefined) return known;
  return text.startsWith(`${property} `) ? text.slice(property.length + 1) : text;
}

function shortened(field: string): string {
  return field.length > MAX_FIELD_LENGTH ? `${field.slice(0, MAX_FIELD_LENGTH).toWellFormed()}…` : field;
}

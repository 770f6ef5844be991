import { isObject, readObject, scalarFault, type JsonObject } from '../wire/json.js';

export interface UserInitiatedPayRequest {
  readonly codeValue: string;
  readonly customerId: string;
}

export type ReadRequest =
  | { readonly ok: true; readonly request: UserInitiatedPayRequest }
  | { readonly ok: false; readonly fault: string };

interface TextRule {
  readonly name: string;
  readonly isRequired: boolean;
  readonly maxCharacters: number;
}

const REQUEST_TEXTS: readonly TextRule[] = [
  { name: 'codeValue', isRequired: true, maxCharacters: 512 },
  { name: 'customerId', isRequired: true, maxCharacters: 64 },
  { name: 'passThroughInfo', isRequired: false, maxCharacters: 20_000 },
];
const INDIRECT_MPP_TEXTS: readonly TextRule[] = [
  { name: 'indirectMppId', isRequired: true, maxCharacters: 64 },
  { name: 'indirectMppName', isRequired: false, maxCharacters: 256 },
];

/**
 * The documented request and nothing else: a field that is not documented is a defect of the MPP, and is reported as
 * one.
 */
export function readUserInitiatedPay(body: Uint8Array): ReadRequest {
  const read = readObject(body);
  if (read === null) return { ok: false, fault: 'the body is not a JSON object in UTF-8' };
  const fault = requestFault(read.object);
  const { codeValue, customerId } = read.object;
  if (fault !== null || typeof codeValue !== 'string' || typeof customerId !== 'string') {
    return { ok: false, fault: fault ?? 'codeValue and customerId must be strings' };
  }
  return { ok: true, request: { codeValue, customerId } };
}

function requestFault(object: JsonObject): string | null {
  const scalar = scalarFault(object);
  if (scalar !== null) return `${scalar.path} ${scalar.reason}`;
  const fault = textsFault(object, REQUEST_TEXTS, ['indirectMpp'], '');
  if (fault !== null) return fault;
  const indirectMpp = object['indirectMpp'] ?? null;
  if (indirectMpp === null) return null;
  if (!isObject(indirectMpp)) return 'indirectMpp must be an object';
  return textsFault(indirectMpp, INDIRECT_MPP_TEXTS, [], 'indirectMpp.');
}

function textsFault(
  object: JsonObject,
  rules: readonly TextRule[],
  others: readonly string[],
  prefix: string,
): string | null {
  for (const rule of rules) {
    const value = object[rule.name] ?? null;
    if (value === null && rule.isRequired) return `${prefix}${rule.name} is missing`;
    if (value === null) continue;
    if (typeof value !== 'string') return `${prefix}${rule.name} must be a string`;
    if (characters(value) > rule.maxCharacters) {
      return `${prefix}${rule.name} is longer than ${rule.maxCharacters} characters`;
    }
  }
  const known = new Set([...others, ...rules.map((rule) => rule.name)]);
  const unknown = Object.keys(object).find((name) => !known.has(name));
  return unknown === undefined ? null : `${prefix}${unknown} is not a field of this request`;
}

export function characters(text: string): number {
  return Array.from(text).length;
}

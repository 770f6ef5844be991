/** The conditions under which an optional field is there, in the words of the protocol document. */
export const WITH_SUCCESS = 'with resultCode SUCCESS';
export const FROM_MERCHANT = 'if the merchant gave it';
export const UNCONDITIONAL = 'optional';

/** How one scalar of the wire is read and judged. */
export interface ScalarKind {
  /** For the protocol document. */
  readonly type: string;
  readonly limit: string;
  /** What a value breaks when `accepts` says no. */
  readonly rule: string;
  /** A display text over its limit harms nobody and is kept; an amount that breaks its rule is dropped. */
  readonly keptWhenFaulty: boolean;
  /** Nothing depends on it: a value that breaks its rule counts as absent. */
  readonly isHarmless?: true;
  accepts(value: unknown): boolean;
  /** Most kinds keep the text as it came, since notify and inquiry echo it; only flags become booleans. */
  read?(text: string): string | boolean;
}

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
 * One declaration feeds the reader and the protocol document, so that neither knows a field or a limit that the other
 * does not.
 */
function declare(field: Omit<WireField, 'name'>): PropertyDecorator {
  return (target, property) => {
    const own = declared.get(target) ?? [];
    own.push({ ...field, name: String(property) });
    declared.set(target, own);
  };
}

import { storable } from './characters.js';
import { wireFieldsOf, type ScalarKind, type WireClass, type WireField } from './wire-field.js';

/** A field, by its path from the root of the body, and the rule it breaks. */
export interface WireFault {
  readonly field: string;
  readonly rule: string;
  /** Nothing depends on the field: it counts as absent, also within an object that is kept whole or not at all. */
  readonly isHarmless?: true;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Copies the declared fields of `raw` into an instance and adds what is wrong with them to `faults`. */
export type WireReader<T> = (raw: JsonObject, faults: WireFault[]) => T;

/**
 * The reader of a wire class: one list of steps, made once from the declarations of its fields. Libraries that walk
 * their metadata again for every object take the time of seven RSA signatures for an order of 100 goods, on the one
 * thread that serves everybody; this reader takes less than one (`npm run bench:wire`).
 */
export function wireReaderOf<T extends object>(type: WireClass<T>): WireReader<T> {
  const steps = stepsOf(type);
  return (raw, faults) => {
    const made = new type();
    // `made` is a fresh object whose own fields are exactly the ones the steps declare.
    const target = made as Record<string, unknown>;
    for (const step of steps) step(raw, target, faults);
    return made;
  };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Target = Record<string, unknown>;
type Step = (raw: JsonObject, target: Target, faults: WireFault[]) => void;

const known = new WeakMap<WireClass, readonly Step[]>();

function stepsOf(type: WireClass): readonly Step[] {
  const made = known.get(type) ?? wireFieldsOf(type).map(stepOf);
  known.set(type, made);
  return made;
}

function stepOf(field: WireField): Step {
  const read = valueStepOf(field);
  const { name, required } = field;
  return (raw, target, faults) => {
    const given = raw[name];
    const absent = given === undefined || given === null || !read(given, target, faults);
    if (absent && required) faults.push({ field: name, rule: 'is missing' });
  };
}

/** Returns false when there was nothing to read, as in a blank text. */
type ValueStep = (given: unknown, target: Target, faults: WireFault[]) => boolean;

function valueStepOf({ name, value }: WireField): ValueStep {
  if (value.shape === 'scalar') return scalarStep(name, value.kind);
  if (value.shape === 'list') return listStep(name, value.of, value.maxElements);
  return objectStep(name, value.of, value.keptWhole);
}

function scalarStep(name: string, kind: ScalarKind): ValueStep {
  return (given, target, faults) => {
    const value = readScalar(kind, given);
    if (value === undefined) return false;
    if (kind.accepts(value)) {
      target[name] = value;
      return true;
    }
    faults.push({ field: name, rule: kind.rule, ...(kind.isHarmless && { isHarmless: true }) });
    if (kind.keptWhenFaulty && typeof value === 'string') target[name] = storable(value);
    return true;
  };
}

function objectStep(name: string, of: WireClass, keptWhole: boolean): ValueStep {
  const read = wireReaderOf(of);
  return (given, target, faults) => {
    if (!isJsonObject(given)) {
      faults.push({ field: name, rule: 'must be an object' });
      return true;
    }
    const before = faults.length;
    const value = read(given, faults);
    const isWhole = faults.slice(before).every(({ isHarmless }) => isHarmless);
    if (!keptWhole || isWhole) target[name] = value;
    placeUnder(name, faults, before);
    return true;
  };
}

function listStep(name: string, of: WireClass, maxElements = Number.POSITIVE_INFINITY): ValueStep {
  const read = wireReaderOf(of);
  return (given, target, faults) => {
    if (!Array.isArray(given)) {
      faults.push({ field: name, rule: 'must be a list' });
      return true;
    }
    if (given.length > maxElements) {
      faults.push({ field: name, rule: `must have at most ${maxElements} elements` });
    }
    const elements: object[] = [];
    for (const [index, element] of given.slice(0, maxElements).entries()) {
      const before = faults.length;
      if (isJsonObject(element)) elements.push(read(element, faults));
      else faults.push({ field: '', rule: 'must be an object' });
      placeUnder(`${name}[${index}]`, faults, before);
    }
    target[name] = elements;
    return true;
  };
}

/** Paths grow outwards and only where there is a fault, so that an answer without any pays nothing for them. */
function placeUnder(path: string, faults: WireFault[], from: number): void {
  for (let at = from; at < faults.length; at += 1) {
    const fault = faults[at]!;
    faults[at] = { ...fault, field: fault.field === '' ? path : `${path}.${fault.field}` };
  }
}

/**
 * Reads one scalar. Every scalar should be a JSON string, yet a bare number is taken for its text, a bare boolean for a
 * flag, and null and blank text for absent. What cannot be read comes back as it is, for `accepts` to refuse: the
 * boolean `true` is not an id, although its letters would fit.
 */
export function readScalar(kind: ScalarKind, raw: unknown): unknown {
  if (raw === undefined || raw === null) return undefined;
  const text = textOf(raw);
  if (text === undefined) return raw;
  if (text.trim() === '') return undefined;
  return kind.read ? kind.read(text) : text;
}

function textOf(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'number' ? exactText(raw) : undefined;
}

/**
 * `JSON.parse` has already made a double of a bare number. Beyond 2^53, and beyond the 15 significant digits a double
 * keeps, the digits that were sent are lost: such a number is refused instead of being rounded.
 */
function exactText(value: number): string | undefined {
  const text = String(value);
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? text : undefined;
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '');
  return /^-?\d+\.\d+$/.test(text) && digits.length <= 15 ? text : undefined;
}

import { brokenTextRule } from '../field.decorators.js';
import { pathOf } from './field-faults.js';
import type { FieldFault } from '../problem.js';

/** Objects and lists in one another. */
export const MAX_DEPTH = 32;

const TOO_DEEP = 'is nested too deeply';

/**
 * Fields and items of one input together, far more than any of ours has. What judges fields one by one takes longer for
 * each of them, so that a body within its limit of bytes could hold the process for seconds.
 */
export const MAX_ENTRIES = 1_000;

const TOO_MANY_ENTRIES = `must have at most ${MAX_ENTRIES} fields and items`;

/** What is said of a text that exceeds a limit before it is parsed; nothing else is said about it. */
export const LIMIT_RULES = { entries: TOO_MANY_ENTRIES, depth: TOO_DEEP } as const;

/**
 * Every object has these already, `constructor` and `toString` among them. No field of ours is named so, and code
 * that copies or inspects objects mistakes the one for the other.
 */
const PROTOTYPE_NAMES = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

export interface TextFaults {
  readonly faults: readonly FieldFault[];
  /** False when code that goes by names or by recursion must not touch this input at all. */
  readonly isSafe: boolean;
}

interface Visit {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

/**
 * What makes a parsed input unfit before any class looks at it: texts that cannot be stored, names that reach into
 * prototypes, too many fields, and nesting so deep that code which walks by recursion would overflow. This walks by a
 * list.
 *
 * @param root the path that stands before every name; empty for a whole body or query
 * @param whole what the input as a whole is called: `body`, `query`
 */
export function textFaults(input: unknown, root: string, whole: string): TextFaults {
  const faults: FieldFault[] = [];
  let isSafe = true;
  let entries = 0;
  const waiting: Visit[] = [{ value: input, path: root, depth: 0 }];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { value, path, depth } = visit;
    if (depth > MAX_DEPTH) {
      return { faults: [{ field: path, rule: TOO_DEEP }], isSafe: false };
    }
    const inner = entriesOf(value);
    entries += inner.length;
    if (entries > MAX_ENTRIES) return { faults: [{ field: whole, rule: TOO_MANY_ENTRIES }], isSafe: false };
    const broken = typeof value === 'string' ? brokenTextRule(value) : undefined;
    if (broken !== undefined) faults.push({ field: path, rule: broken });
    for (const [name, child] of inner) {
      const childPath = pathOf(path, name);
      if (isUnfitName(name)) faults.push({ field: childPath, rule: 'is not a known field' });
      isSafe &&= !PROTOTYPE_NAMES.has(name);
      waiting.push({ value: child, path: childPath, depth: depth + 1 });
    }
  }
  return { faults, isSafe };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function isUnfitName(name: string): boolean {
  return PROTOTYPE_NAMES.has(name) || brokenTextRule(name) !== undefined;
}

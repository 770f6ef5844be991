/** How one scalar of the wire is read and judged. */
export interface ScalarKind {
  /** For the protocol document. */
  readonly type: string;
  readonly limit: string;
  /** What a value breaks when `accepts` says no. */
  readonly rule: string;
  /** A display text over its limit harms nobody and is kept; an amount that breaks its rule is dropped. */
  readonly keptWhenFaulty: boolean;
  accepts(value: unknown): boolean;
  /** Most kinds keep the text as it came, since notify and inquiry echo it; only flags become booleans. */
  read?(text: string): string | boolean;
}

/**
 * Reads one scalar. Every scalar should be a JSON string, yet a bare number is taken for its text, a bare boolean for a
 * flag, and null and blank text for absent. What cannot be read comes back as it is, for `accepts` to refuse: the
 * boolean `true` is no id, however well its letters would fit one.
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

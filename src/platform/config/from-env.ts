import 'reflect-metadata';
import { Transform } from 'class-transformer';

/** How the text of an environment variable is read. */
type SettingKind = 'text' | 'integer' | 'flag' | 'list' | 'pairs';

export interface SettingSpec {
  readonly kind: SettingKind;
  /** Used when the variable is absent or blank; as it would be written in the environment. */
  readonly default?: string;
  /** One sentence for the table of docs/settings.md and `.env.example`. */
  readonly about: string;
  readonly example?: string;
}

export interface SettingDeclaration extends SettingSpec {
  readonly name: string;
  readonly property: string;
}

/** What `loadSettings` can instantiate: a class whose properties carry `@FromEnv`. */
export type SettingsSection<T extends object = object> = new () => T;

const declarations = new WeakMap<object, SettingDeclaration[]>();

/** Binds a property of a settings section to one environment variable. */
export function FromEnv(name: string, spec: SettingSpec): PropertyDecorator {
  return (target, property) => {
    const own = declarations.get(target) ?? [];
    own.push({ ...spec, name, property: String(property) });
    declarations.set(target, own);
    Transform(({ value }) => readSetting(spec.kind, value), { toClassOnly: true })(target, property);
  };
}

/** The settings a section declares, in the order they are written. */
export function settingsOf(section: SettingsSection): readonly SettingDeclaration[] {
  const prototype: unknown = section.prototype;
  return typeof prototype === 'object' && prototype !== null ? (declarations.get(prototype) ?? []) : [];
}

/**
 * Text that cannot be read stays as it is, so that the validator of the property names the rule it breaks.
 * Flags are read word by word: a loose coercion would make the text `false` true.
 */
function readSetting(kind: SettingKind, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (kind === 'integer') return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (kind === 'flag') return readFlag(value);
  if (kind === 'list') return splitList(value);
  if (kind === 'pairs') return readPairs(value);
  return value;
}

function readFlag(value: string): unknown {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return value;
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readPairs(value: string): unknown {
  const pairs: Record<string, string> = {};
  for (const part of splitList(value)) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    // Of two for one name nobody could say which is meant.
    if (at < 1 || at === part.length - 1 || Object.hasOwn(pairs, name)) return value;
    pairs[name] = part.slice(at + 1).trim();
  }
  return pairs;
}

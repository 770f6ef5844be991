import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { settingsOf, type SettingDeclaration, type SettingsSection } from './from-env.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The loaded sections, looked up by their class; every instance is frozen. */
export class LoadedSettings {
  constructor(private readonly instances: ReadonlyMap<SettingsSection, object>) {}

  get<T extends object>(section: SettingsSection<T>): T {
    const instance = this.instances.get(section);
    if (!(instance instanceof section)) throw new Error(`settings section ${section.name} was not loaded`);
    return instance;
  }

  entries(): IterableIterator<[SettingsSection, object]> {
    return this.instances.entries();
  }
}

/**
 * Reads every section from the environment and validates all of them before it complains.
 * A blank variable counts as absent, so that `KEY=` in a file does not defeat a default.
 *
 * @throws SettingsError naming every faulty variable and its rule
 */
export function loadSettings(sections: readonly SettingsSection[], environment: Environment): LoadedSettings {
  const faults: SettingFault[] = [];
  const instances = new Map<SettingsSection, object>();
  for (const section of sections) {
    const declared = settingsOf(section);
    const instance = plainToInstance(section, rawValues(declared, environment), { exposeUnsetFields: false });
    for (const error of validateSync(instance)) faults.push(faultOf(error, declared));
    instances.set(section, Object.freeze(instance));
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return new LoadedSettings(instances);
}

function rawValues(
  declared: readonly SettingDeclaration[],
  environment: Environment,
): Record<string, string> {
  const raw: Record<string, string> = {};
  for (const setting of declared) {
    const text = environment[setting.name]?.trim();
    const value = text === undefined || text === '' ? setting.default : text;
    if (value !== undefined) raw[setting.property] = value;
  }
  return raw;
}

function faultOf(error: ValidationError, declared: readonly SettingDeclaration[]): SettingFault {
  const name = declared.find((setting) => setting.property === error.property)?.name ?? error.property;
  const rules = Object.values(error.constraints ?? {}).map((rule) =>
    rule.replace(new RegExp(`^${error.property} `), ''),
  );
  return { name, rule: rules.length > 0 ? rules.join('; ') : 'is not valid' };
}

export interface SettingFault {
  readonly name: string;
  readonly rule: string;
}

/** A start that must not happen: every faulty setting at once, never a secret. A single one is one sentence. */
export class SettingsError extends Error {
  constructor(
    readonly faults: readonly SettingFault[],
    options?: ErrorOptions,
  ) {
    const lines = faults.map(({ name, rule }) => `${name}: ${rule}`);
    const isOne = lines.length === 1;
    super(isOne ? lines.join() : `${lines.length} settings are wrong:\n  ${lines.join('\n  ')}`, options);
    this.name = 'SettingsError';
  }
}

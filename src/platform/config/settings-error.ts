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

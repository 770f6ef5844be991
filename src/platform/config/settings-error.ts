export interface SettingFault {
  readonly name: string;
  readonly rule: string;
}

/** A start that must not happen: every faulty setting at once, never the value itself. */
export class SettingsError extends Error {
  constructor(readonly faults: readonly SettingFault[]) {
    super(
      `${faults.length} setting${faults.length === 1 ? ' is' : 's are'} wrong:\n` +
        faults.map((fault) => `  ${fault.name}: ${fault.rule}`).join('\n'),
    );
    this.name = 'SettingsError';
  }
}

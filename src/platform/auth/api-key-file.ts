import { readFileSync } from 'node:fs';
import { shownPath, unreadableFile } from '../config/file-fault.js';
import { SettingsError } from '../config/load-settings.js';
import { readApiKeys, type ApiKey } from './api-key-entries.js';

const SETTING = 'API_KEYS_FILE';

/**
 * The keys of the file named by `API_KEYS_FILE`. A service that starts with half of its callers is worse than one that
 * does not start.
 *
 * @throws SettingsError naming every fault by entry and field
 */
export function readApiKeyFile(path: string): readonly ApiKey[] {
  const read = readApiKeys(readText(path));
  if (read.outcome === 'refused') throw faultyFile(path, read.faults);
  return read.keys;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError([{ name: SETTING, rule: unreadableFile(error, path) }], { cause: error });
  }
}

function faultyFile(path: string, faults: readonly string[]): SettingsError {
  return new SettingsError(faults.map((fault) => ({ name: SETTING, rule: `(${shownPath(path)}) ${fault}` })));
}

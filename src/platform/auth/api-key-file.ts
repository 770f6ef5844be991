import { readFileSync } from 'node:fs';
import { SettingsError } from '../config/load-settings.js';
import { readApiKeys, type ApiKey } from './api-key-entries.js';

/**
 * The keys of the file named by `API_KEYS_FILE`. Read once at start: a service that starts with half of its
 * callers is worse than one that does not start.
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
  } catch {
    // What exactly the file system said matters less than which file; the path is in the message.
    throw faultyFile(path, ['the file cannot be read']);
  }
}

function faultyFile(path: string, faults: readonly string[]): SettingsError {
  return new SettingsError(faults.map((fault) => ({ name: 'API_KEYS_FILE', rule: `(${path}) ${fault}` })));
}

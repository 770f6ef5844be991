import { hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileFault, unreadableFile } from '../../../platform/config/file-fault.js';
import { SettingsError } from '../../../platform/config/load-settings.js';

const SETTING = 'CONSOLE_SESSION_SECRET_FILE';
const SHORTEST_SECRET = 32;
const KEY_BYTES = 32;

/** A cookie encrypted for one use cannot be read for the other. */
type KeyUse = 'session' | 'sign-in';

/**
 * The keys of the session cookies, the one to encrypt with first. Without a file the process makes a key of its own.
 *
 * @throws SettingsError naming the file and the rule, never a secret
 */
export function sessionKeys(secretFile: string | undefined, use: KeyUse = 'session'): Buffer[] {
  if (secretFile === undefined) return [randomBytes(KEY_BYTES)];
  const secrets = readLines(secretFile);
  if (secrets.length === 0) throw fault(secretFile, 'is empty');
  if (secrets.some((secret) => secret.length < SHORTEST_SECRET)) {
    throw fault(secretFile, `must have at least ${SHORTEST_SECRET} characters in each line`);
  }
  return secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', `console ${use}`, KEY_BYTES)));
}

function readLines(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '');
  } catch (error) {
    throw new SettingsError([{ name: SETTING, rule: unreadableFile(error, path) }], { cause: error });
  }
}

function fault(path: string, rule: string): SettingsError {
  return new SettingsError([{ name: SETTING, rule: fileFault(path, rule) }]);
}

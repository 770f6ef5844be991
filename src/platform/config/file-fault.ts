import { resolve } from 'node:path';
import { errorCodeOf } from '../error-code.js';

/** What the file system says, in words that follow `names <path>, which`. */
const BY_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there: a part of that path is a file',
  EISDIR: 'is a folder; a file is needed',
  EACCES: 'this process may not read',
  EPERM: 'this process may not read',
  ELOOP: 'is a symbolic link in a circle',
  ENAMETOOLONG: 'is too long for a path; the setting takes the path of a file, not what is in it',
};

/** Begins or ends as a path does. */
const PATH = /^(\.{0,2}\/|[a-z]:\\)|\.[a-z]\w{0,7}$/i;
const LONGEST_PATH = 200;

/** Why a file cannot be read, in words that follow the name of the setting that gave its path. */
export function unreadableFile(error: unknown, path: string): string {
  const code = errorCodeOf(error) ?? 'no code';
  return fileFault(path, BY_CODE[code] ?? `cannot be read (${code})`);
}

/**
 * What is wrong with a file, in words that follow the name of the setting that gave its path.
 *
 * ```ts
 * throw new SettingsError([{ name: 'API_KEYS_FILE', rule: fileFault(path, 'is empty') }]);
 * // API_KEYS_FILE: names /run/secrets/api-keys.json, which is empty
 * ```
 */
export function fileFault(path: string, fault: string): string {
  return `names ${shownPath(path)}, which ${fault}`;
}

/** Someone who took the setting for the key itself must not find it in a log. */
export function shownPath(path: string): string {
  return path.length <= LONGEST_PATH && PATH.test(path) ? resolve(path) : 'something';
}

import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileFault } from '../src/platform/config/file-fault.js';
import { SettingsError } from '../src/platform/config/load-settings.js';
import { errorCodeOf } from '../src/platform/error-code.js';

const BY_CODE: Readonly<Record<string, string>> = {
  EEXIST: 'is a file; a folder is needed',
  ENOTDIR: 'lies below a file',
  EACCES: 'this process may not write to',
  EPERM: 'this process may not write to',
  EROFS: 'lies on a disk that is read only',
  ENOENT: 'cannot be made',
  ENOSPC: 'lies on a full disk',
  ENAMETOOLONG: 'is too long for a path',
};

/** Nobody else may read its content. Started by root, PostgreSQL runs as another user, who has to pass through. */
const MODE = process.getuid?.() === 0 ? 0o711 : 0o700;

/**
 * Makes the folder of all parts started beside the service, if it is missing.
 *
 * @throws SettingsError when nothing can be stored in it
 */
export async function makeDataFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = errorCodeOf(error) ?? 'no code';
    const rule = fileFault(path, BY_CODE[code] ?? `cannot be used (${code})`);
    throw new SettingsError([{ name: 'DATA_DIR', rule }], { cause: error });
  }
}

/** With its parents. Node's own `recursive` never ends where a folder accepts no other, as in `/proc`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: MODE });
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'EEXIST' && (await isFolder(path))) return;
    if (code !== 'ENOENT' || (await isFolder(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: MODE });
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

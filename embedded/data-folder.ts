import { access, chmod, constants, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
    await closeToOthers(path);
  } catch (error) {
    const code = errorCodeOf(error) ?? 'no code';
    const rule = fileFault(path, BY_CODE[code] ?? `cannot be used (${code})`);
    throw new SettingsError([{ name: 'DATA_DIR', rule }], { cause: error });
  }
}

/** By one of these a folder is known as ours, and not one that somebody named by mistake. */
const OURS = ['tokens.json', 'data-keys', 'postgres.password', 'console-session-secret'];
const FOLDERS = ['keys', 'twin'];
const PUBLIC = /-public\.pem$/;

/**
 * A folder that was there may be open: it was copied, unpacked, or made by a hand. What is secret in it is closed again;
 * what belongs to another user is that user's.
 */
async function closeToOthers(path: string): Promise<void> {
  const names = await readdir(path);
  if (names.length > 0 && !names.some((name) => OURS.includes(name))) return;
  await narrow(path, MODE);
  for (const name of names) await narrow(join(path, name), FOLDERS.includes(name) ? 0o700 : 0o600);
  for (const folder of FOLDERS.filter((name) => names.includes(name)))
    for (const name of await readdir(join(path, folder)))
      if (!PUBLIC.test(name)) await narrow(join(path, folder, name), 0o600);
}

/** Takes from group and others what this mode does not give them. PostgreSQL sees to its own folder. */
async function narrow(path: string, mode: number): Promise<void> {
  const entry = await lstat(path);
  const isMeant = (mode & 0o100) === 0 ? entry.isFile() : entry.isDirectory();
  const isShared = (entry.mode & 0o1000) !== 0;
  if (!isMeant || isShared || entry.uid !== process.getuid?.()) return;
  const narrowed = entry.mode & (0o700 | mode) & 0o777;
  if (narrowed !== (entry.mode & 0o777)) await chmod(path, narrowed);
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

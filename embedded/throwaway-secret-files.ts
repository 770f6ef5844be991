import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret for the console's sessions, made at the first start and kept: people stay signed in over a restart. */
export function throwawaySessionSecret(directory: string): Promise<string> {
  return kept(directory, 'console-session-secret', randomBytes(32).toString('base64url'));
}

/** The key of the personal data in the database beside it; without this file that data cannot be read again. */
export function throwawayDataKeys(directory: string): Promise<string> {
  return kept(directory, 'data-keys', `trial ${randomBytes(32).toString('base64')}`);
}

/** The path of the file, which is written with this text if it is missing. */
async function kept(directory: string, name: string, text: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, name);
  await writeFile(file, `${text}\n`, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  });
  return file;
}

import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret for the console's sessions, made at the first start and kept: who is signed in stays so over a restart. */
export function throwawaySessionSecret(directory: string): Promise<string> {
  return kept(directory, 'console-session-secret', randomBytes(32).toString('base64url'));
}

/** The key of the personal data in the database beside it; without this file that data cannot be read again. */
export function throwawayDataKeys(directory: string): Promise<string> {
  return kept(directory, 'data-keys', `trial ${randomBytes(32).toString('base64')}`);
}

/** The file, with these words in it if it was not there. */
async function kept(directory: string, name: string, text: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, name);
  await writeFile(file, `${text}\n`, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  });
  return file;
}

import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret for the console's sessions, made at the first start and kept: who is signed in stays so over a restart. */
export async function throwawaySessionSecret(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'console-session-secret');
  const secret = `${randomBytes(32).toString('base64url')}\n`;
  await writeFile(file, secret, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  });
  return file;
}

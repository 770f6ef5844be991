import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwawayKeys } from '../embedded/throwaway-keys.js';
import { throwawaySessionSecret } from '../embedded/throwaway-session-secret.js';
import { throwawayTokens } from '../embedded/throwaway-tokens.js';

/**
 * Fills a directory with what a trial with docker compose needs and no image may carry: both key pairs, tokens with
 * their hashes, and the password of the database. What is there already stays.
 */
async function main(directory: string | undefined): Promise<number> {
  if (directory === undefined) {
    console.error('usage: node dist/scripts/trial-secrets.js <directory>');
    return 2;
  }
  await mkdir(directory, { recursive: true });
  await throwawayKeys(join(directory, 'keys'));
  const { tokensFile } = await throwawayTokens(directory);
  await throwawaySessionSecret(directory);
  await keep(join(directory, 'database-password'), randomBytes(24).toString('base64url'));
  console.log(`tokens for a trial are in ${tokensFile}`);
  return 0;
}

async function keep(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  });
}

process.exitCode = await main(process.argv[2]);

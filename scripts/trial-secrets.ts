import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newCommand, runProgram } from '../command-line/run-command.js';
import { throwawayKeys } from '../embedded/throwaway-keys.js';
import { throwawaySessionSecret } from '../embedded/throwaway-session-secret.js';
import { throwawayTokens } from '../embedded/throwaway-tokens.js';

/**
 * Fills a directory with what a trial with docker compose needs and no image may carry: both key pairs, tokens with
 * their hashes, and the password of the database. What is there already stays.
 */
async function fill(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await throwawayKeys(join(directory, 'keys'));
  const { tokensFile } = await throwawayTokens(directory);
  await throwawaySessionSecret(directory);
  await keep(join(directory, 'database-password'), randomBytes(24).toString('base64url'));
  console.log(`tokens for a trial are in ${tokensFile}`);
}

async function keep(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  });
}

export const command = newCommand(
  'node dist/scripts/trial-secrets.js',
  'Makes the keys, tokens and passwords of a trial with docker compose. What is there already stays.',
)
  .usage('<directory>')
  .argument('<directory>', 'where they are written')
  .action(fill);

await runProgram(import.meta.url, command);

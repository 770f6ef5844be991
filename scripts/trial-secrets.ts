import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newCommand, runProgram } from '../command-line/run-command.js';
import { throwawayKeys } from '../embedded/throwaway-keys.js';
import { throwawayDataKeys, throwawaySessionSecret } from '../embedded/throwaway-secret-files.js';
import { throwawayTokens } from '../embedded/throwaway-tokens.js';

/**
 * Fills a directory with the secrets of a trial with docker compose, which no image may contain. Each reader has a
 * folder of its own and no access to another's. Existing files stay.
 */
async function fill(directory: string): Promise<void> {
  const at = (...path: string[]): string => join(directory, ...path);
  for (const folder of ['people', 'service', 'migrate', 'twin', 'postgres', 'redis', 'grafana'])
    await mkdir(at(folder), { recursive: true, mode: 0o700 });
  const keys = await throwawayKeys(at('people', 'keys'));
  await share(keys.mppPrivate, at('service', 'mpp-private.pem'));
  await share(keys.alipayPlusPublic, at('service', 'alipayplus-public.pem'));
  await share(keys.alipayPlusPrivate, at('twin', 'alipayplus-private.pem'));
  await share(keys.mppPublic, at('twin', 'mpp-public.pem'));
  const { tokensFile, apiKeysFile } = await throwawayTokens(at('people'));
  await share(apiKeysFile, at('service', 'api-keys.json'));
  await throwawaySessionSecret(at('service'));
  await throwawayDataKeys(at('service'));
  await keep(at('postgres', 'owner-password'), password());
  await share(await keep(at('service', 'run-password'), password()), at('postgres', 'run-password'));
  await share(await keep(at('migrate', 'migrate-password'), password()), at('postgres', 'migrate-password'));
  await keep(at('grafana', 'admin-password'), password());
  const redis = await readFile(await keep(at('service', 'redis-password'), password()), 'utf8');
  await keep(at('redis', 'users.acl'), redisUsers(redis));
  console.log(`tokens for a trial are in ${tokensFile}`);
}

/** Only the commands of Redis that BullMQ needs (docs/parts.md); everybody may ping it. */
function redisUsers(password: string): string {
  const sha256 = createHash('sha256').update(password).digest('hex');
  return `user default on nopass resetkeys resetchannels -@all +ping\nuser mpp on #${sha256} ~bullmq:* +@all -@dangerous -@admin +info\n`;
}

function password(): string {
  return randomBytes(24).toString('base64url');
}

async function share(from: string, to: string): Promise<void> {
  await copyFile(from, to);
}

async function keep(file: string, text: string): Promise<string> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  });
  return file;
}

export const command = newCommand(
  'node dist/scripts/trial-secrets.js',
  'Makes the keys, tokens and passwords of a trial with docker compose. What is there already stays.',
)
  .usage('<directory>')
  .argument('<directory>', 'where they are written')
  .action(fill);

await runProgram(import.meta.url, command);

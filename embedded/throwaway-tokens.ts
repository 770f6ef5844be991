import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bearer tokens for trials; the service itself only ever sees their hashes. */
export interface ThrowawayTokens {
  readonly walletApp: string;
  readonly operator: string;
  readonly tokensFile: string;
  readonly apiKeysFile: string;
}

/** Made at the first start and kept, so that a client of yesterday still works today. */
export async function throwawayTokens(directory: string): Promise<ThrowawayTokens> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const tokensFile = join(directory, 'tokens.json');
  const apiKeysFile = join(directory, 'api-keys.json');
  const tokens = (await readTokens(tokensFile)) ?? {
    walletApp: `wallet_${randomBytes(24).toString('base64url')}`,
    operator: `operator_${randomBytes(24).toString('base64url')}`,
  };
  const keys = [
    entry('wallet-app', tokens.walletApp, ['payments:write']),
    entry('operator', tokens.operator, ['payments:operate', 'payments:raw']),
  ];
  await writeFile(tokensFile, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 });
  await writeFile(apiKeysFile, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return { ...tokens, tokensFile, apiKeysFile };
}

function entry(name: string, token: string, scopes: readonly string[]): Record<string, unknown> {
  const sha256 = createHash('sha256').update(token).digest('hex');
  return { name, sha256, scopes, customerId: null };
}

async function readTokens(file: string): Promise<{ walletApp: string; operator: string } | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof kept !== 'object' || kept === null || !('walletApp' in kept) || !('operator' in kept))
      return undefined;
    const { walletApp, operator } = kept;
    return typeof walletApp === 'string' && typeof operator === 'string'
      ? { walletApp, operator }
      : undefined;
  } catch {
    // Absent at the first start, or torn by a kill while it was written: new ones are made.
    return undefined;
  }
}

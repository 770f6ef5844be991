import { readFile } from 'node:fs/promises';

const MIN_SECRET_BYTES = 32;

/**
 * The bytes of the file without the line break that editors leave at its end.
 *
 * @throws Error at start, naming the setting and never the secret
 */
export async function readLedgerSecret(path: string): Promise<Buffer> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Error('WALLET_LEDGER_SECRET_FILE cannot be read', { cause });
  }
  const secret = Buffer.from(text.replace(/[\r\n]+$/, ''), 'utf8');
  if (secret.length < MIN_SECRET_BYTES) {
    throw new Error(`WALLET_LEDGER_SECRET_FILE must hold at least ${MIN_SECRET_BYTES} bytes`);
  }
  return secret;
}

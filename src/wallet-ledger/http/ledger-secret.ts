import { readFile } from 'node:fs/promises';
import { fileFault, unreadableFile } from '../../platform/config/file-fault.js';
import type { SettingFault } from '../../platform/config/load-settings.js';

const NAME = 'WALLET_LEDGER_SECRET_FILE';
const MIN_SECRET_BYTES = 32;

/**
 * The bytes of the file without the line break that editors leave at its end.
 *
 * @param faults gets what is wrong, never the secret
 */
export async function readLedgerSecret(path: string, faults: SettingFault[]): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    faults.push({ name: NAME, rule: unreadableFile(error, path) });
    return undefined;
  }
  const secret = Buffer.from(text.replace(/[\r\n]+$/, ''), 'utf8');
  if (secret.length >= MIN_SECRET_BYTES) return secret;
  faults.push({ name: NAME, rule: fileFault(path, `must hold at least ${MIN_SECRET_BYTES} bytes`) });
  return undefined;
}

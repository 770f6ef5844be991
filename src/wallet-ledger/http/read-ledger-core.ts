import { SettingsError, type SettingFault } from '../../platform/config/load-settings.js';
import type { LedgerCore } from './http-wallet-ledger.js';
import { readLedgerSecret } from './ledger-secret.js';
import { readLedgerTls, type LedgerTlsFiles } from './ledger-tls.js';

export interface LedgerCoreSettings extends LedgerTlsFiles {
  readonly url?: string;
  readonly proxyUrl?: string;
  readonly secretFile?: string;
  readonly timeoutMs: number;
}

/**
 * How to reach the wallet's core, from the settings and the files they name.
 *
 * @throws SettingsError with everything that is wrong with those files
 */
export async function readLedgerCore(settings: LedgerCoreSettings): Promise<LedgerCore> {
  const { url, proxyUrl, secretFile, timeoutMs } = settings;
  if (url === undefined || secretFile === undefined)
    throw new Error('the settings let WALLET_LEDGER=http pass without its address or secret');
  const faults: SettingFault[] = [];
  const secret = await readLedgerSecret(secretFile, faults);
  const tls = await readLedgerTls(settings, faults);
  if (faults.length > 0 || !secret) throw new SettingsError(faults);
  const proxy = proxyUrl === undefined ? undefined : new URL(proxyUrl);
  return { url, secret, timeoutMs, ...(tls && { tls }), ...(proxy && { proxy }) };
}

import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { unreadableFile } from '../../platform/config/file-fault.js';
import type { SettingFault } from '../../platform/config/load-settings.js';

/** Our side of a TLS connection to the wallet's core, as PEM. */
export interface LedgerTls {
  /** Who must have issued the core's certificate, instead of the issuers that Node.js trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface LedgerTlsFiles {
  readonly caFile?: string;
  readonly clientCertificateFile?: string;
  readonly clientKeyFile?: string;
}

const CA = 'WALLET_LEDGER_CA_FILE';
const CERTIFICATE = 'WALLET_LEDGER_CLIENT_CERTIFICATE_FILE';
const KEY = 'WALLET_LEDGER_CLIENT_KEY_FILE';

/**
 * Reads the named files and checks whether TLS can work with them: a wrong one would show only as a debit in doubt, at
 * the first payment.
 *
 * @param faults gets what is wrong, by setting, never any part of a file
 */
export async function readLedgerTls(
  files: LedgerTlsFiles,
  faults: SettingFault[],
): Promise<LedgerTls | undefined> {
  const ca = await readPem(CA, files.caFile, faults);
  const cert = await readPem(CERTIFICATE, files.clientCertificateFile, faults);
  const key = await readPem(KEY, files.clientKeyFile, faults);
  if (ca !== undefined) certificatesIn(CA, ca, faults);
  const [own] = cert === undefined ? [] : certificatesIn(CERTIFICATE, cert, faults);
  const ownKey = key === undefined ? undefined : privateKeyIn(key, faults);
  if (own && ownKey && !own.checkPrivateKey(ownKey))
    faults.push({ name: KEY, rule: `is not the key of the certificate in ${CERTIFICATE}` });
  if (ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
  };
}

async function readPem(
  name: string,
  path: string | undefined,
  faults: SettingFault[],
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    faults.push({ name, rule: unreadableFile(error, path) });
    return undefined;
  }
}

function certificatesIn(name: string, pem: string, faults: SettingFault[]): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    if (certificates.length === 0) faults.push({ name, rule: 'holds no certificate in PEM' });
    const isOver = certificates.some(({ validTo }) => Date.parse(validTo) < Date.now());
    if (isOver) faults.push({ name, rule: 'holds a certificate that has expired' });
    return certificates;
  } catch {
    faults.push({ name, rule: 'holds a certificate that cannot be read' });
    return [];
  }
}

function privateKeyIn(pem: string, faults: SettingFault[]): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    const rule = pem.includes('ENCRYPTED') ? 'holds an encrypted key' : 'holds no private key in PEM';
    faults.push({ name: KEY, rule });
    return undefined;
  }
}

import { createHash, generateKeyPair } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { loadPublicKey } from '../../src/alipay-plus/signature/key-file.js';
import {
  parsedManifest,
  readKeyManifest,
  type KeyManifest,
} from '../../src/alipay-plus/signature/key-manifest.js';
import { KEYS_FILE, readKeySet } from '../../src/alipay-plus/signature/key-set.js';

/** Why nothing was changed, for the person at the command line. */
export class RotationRefused extends Error {}

export interface PublishedKey {
  readonly version: string;
  readonly signs: boolean;
  /** Bare base64 of SPKI, as the portal of Alipay+ accepts it. */
  readonly publicKey: string;
  /** To compare with the digest that the portal shows. */
  readonly sha256: string;
}

const generate = promisify(generateKeyPair);

/** The public half of every pair of ours that the list names. */
export function publishedKeys(file: string): PublishedKey[] {
  const { own, signWith } = readKeyManifest(file);
  return Object.entries(own).map(([version, files]) => {
    const der = loadPublicKey(files.public).export({ type: 'spki', format: 'der' });
    const sha256 = createHash('sha256').update(der).digest('hex');
    return { version, signs: version === signWith, publicKey: der.toString('base64'), sha256 };
  });
}

/** Makes a pair under the next version, in files beside the list; it does not sign yet. */
export async function addPair(file: string, modulusLength: number): Promise<string> {
  const manifest = parsedManifest(file);
  const version = String(Math.max(...Object.keys(manifest.own).map(Number)) + 1);
  const files = { private: `own-${version}-private.pem`, public: `own-${version}-public.pem` };
  const { privateKey, publicKey } = await generate('rsa', { modulusLength });
  const at = (name: string): string => join(dirname(file), name);
  // Never overwrites a file: it may be the only copy of a key.
  const options = { flag: 'wx' } as const;
  writeFileSync(at(files.private), privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    ...options,
    mode: 0o600,
  });
  writeFileSync(at(files.public), publicKey.export({ type: 'spki', format: 'pem' }), options);
  replace(file, { ...manifest, own: { ...manifest.own, [version]: files } });
  return version;
}

/** Also the rollback, with the previous version. */
export function signWith(file: string, version: string): void {
  const manifest = parsedManifest(file);
  if (manifest.own[version] === undefined)
    throw new RotationRefused(`the list has no pair of version ${version}`);
  replace(file, { ...manifest, signWith: version });
}

/** Removes a pair from the list; its files stay. */
export function retire(file: string, version: string): void {
  const manifest = parsedManifest(file);
  if (manifest.signWith === version)
    throw new RotationRefused(`version ${version} signs; let another one sign first`);
  const { [version]: retired, ...own } = manifest.own;
  if (retired === undefined) throw new RotationRefused(`the list has no pair of version ${version}`);
  replace(file, { ...manifest, own });
}

/** A list with the keys that the three settings name, for an installation that has none. */
export function adopt(file: string, named: AdoptedFiles): void {
  const { privateKeyFile, publicFile, keyVersion, publicKeyFiles } = named;
  const own = { [keyVersion]: { private: resolve(privateKeyFile), public: resolve(publicFile) } };
  const alipayPlus = Object.fromEntries(
    Object.entries(publicKeyFiles).map(([version, path]) => [version, resolve(path)]),
  );
  replace(file, { signWith: keyVersion, own, alipayPlus }, { flag: 'wx' });
}

export interface AdoptedFiles {
  readonly privateKeyFile: string;
  /** Our public key as Alipay+ got it. */
  readonly publicFile: string;
  readonly keyVersion: string;
  readonly publicKeyFiles: Readonly<Record<string, string>>;
}

/** A service that reads meanwhile finds the old list or the new one, and no list that it would refuse is written. */
function replace(file: string, manifest: KeyManifest, { flag = 'w' } = {}): void {
  const next = join(dirname(file), `.next-${process.pid}.json`);
  try {
    writeFileSync(next, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    readKeySet({ keyVersion: '', keysFile: next });
    if (flag === 'wx') writeFileSync(file, '', { flag });
    renameSync(next, file);
  } catch (error) {
    if (error instanceof Error && error.name === 'SettingsError')
      throw new RotationRefused(error.message.replace(`${KEYS_FILE}: `, 'the list '), { cause: error });
    throw error;
  } finally {
    rmSync(next, { force: true });
  }
}

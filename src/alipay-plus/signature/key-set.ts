import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { fileFault } from '../../platform/config/file-fault.js';
import { SettingsError } from '../../platform/config/load-settings.js';
import type { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { KeyFileFault, loadPrivateKey, loadPublicKey } from './key-file.js';
import { readKeyManifest } from './key-manifest.js';

const PRIVATE_KEY_FILE = 'ALIPAYPLUS_PRIVATE_KEY_FILE';
const PUBLIC_KEY_FILES = 'ALIPAYPLUS_PUBLIC_KEY_FILES';
export const KEYS_FILE = 'ALIPAYPLUS_KEYS_FILE';

export interface SigningKey {
  readonly version: string;
  readonly privateKey: KeyObject;
}

/** All keys of one reading. */
export interface KeySet {
  readonly signing: SigningKey;
  /** The versions of ours that Alipay+ knows, the signing one among them. */
  readonly ownVersions: readonly string[];
  readonly alipayPlus: ReadonlyMap<string, KeyObject>;
}

type Files = Pick<AlipayPlusSettings, 'privateKeyFile' | 'publicKeyFiles' | 'keyVersion' | 'keysFile'>;

/**
 * Reads every key file and tries our own pairs: each must verify what it signs.
 *
 * @throws SettingsError which names the setting and the file
 */
export function readKeySet(files: Files): KeySet {
  return files.keysFile === undefined ? ofSettings(files) : named(KEYS_FILE, files.keysFile, ofManifest);
}

function ofSettings({ privateKeyFile, publicKeyFiles, keyVersion }: Files): KeySet {
  const privateKey = named(PRIVATE_KEY_FILE, privateKeyFile, (path) => {
    const key = loadPrivateKey(path);
    const isPair = signsFor(key, createPublicKey(key));
    if (!isPair) throw new KeyFileFault(fileFault(path, 'does not verify what it signs; it is damaged'));
    return key;
  });
  const own = [createPublicKey(privateKey)];
  const alipayPlus = named(PUBLIC_KEY_FILES, publicKeyFiles, (of) => theirKeys(of, own));
  return { signing: { version: keyVersion, privateKey }, ownVersions: [keyVersion], alipayPlus };
}

function ofManifest(path: string): KeySet {
  const { signWith, own, alipayPlus } = readKeyManifest(path);
  const pairs = Object.entries(own).map(([version, files]) => {
    const [privateKey, publicKey] = [loadPrivateKey(files.private), loadPublicKey(files.public)];
    if (!signsFor(privateKey, publicKey))
      throw new KeyFileFault(fileFault(files.public, `does not verify what ${files.private} signs`));
    return { version, privateKey, publicKey };
  });
  const signing = pairs.find(({ version }) => version === signWith);
  if (!signing) throw new KeyFileFault(fileFault(path, `has no pair of version ${signWith}`));
  return {
    signing: { version: signing.version, privateKey: signing.privateKey },
    ownVersions: pairs.map(({ version }) => version),
    alipayPlus: theirKeys(
      alipayPlus,
      pairs.map(({ publicKey }) => publicKey),
    ),
  };
}

function theirKeys(
  files: Readonly<Record<string, string>>,
  own: readonly KeyObject[],
): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const [version, path] of Object.entries(files)) {
    const key = loadPublicKey(path);
    // The mistake most reported by integrators: nothing Alipay+ sends would ever verify.
    if (own.some((one) => key.equals(one)))
      throw new KeyFileFault(fileFault(path, 'is our own public key; give the one Alipay+ shows'));
    keys.set(version, key);
  }
  return keys;
}

/** A private key that is damaged, or one of another pair, may be read without a fault. */
function signsFor(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const text = Buffer.from('self-test');
  try {
    return verify('RSA-SHA256', text, publicKey, sign('RSA-SHA256', text, privateKey));
  } catch {
    return false;
  }
}

function named<Value, Loaded>(
  name: string,
  value: Value | undefined,
  load: (value: Value) => Loaded,
): Loaded {
  if (value === undefined) throw new SettingsError([{ name, rule: 'is not set' }]);
  try {
    return load(value);
  } catch (error) {
    if (!(error instanceof KeyFileFault)) throw error;
    throw new SettingsError([{ name, rule: error.message }], { cause: error });
  }
}
